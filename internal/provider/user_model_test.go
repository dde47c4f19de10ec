// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Each property that the API has is shown once, under its own name in Terraform's
// spelling, and with no other property's value.
func TestUserModelShowsEachPropertyOfTheAPI(t *testing.T) {
	t.Parallel()
	shorter := map[string]string{"emailAddress": "email", "principalUsername": "username", "userStatus": "status"}
	capital := regexp.MustCompile(`[A-Z]`)
	user := reflect.TypeFor[cloudadmin.User]()
	for i := range user.NumField() {
		property, value := user.Field(i).Tag.Get("json"), `"x"`
		name := cmp.Or(shorter[property], strings.ToLower(capital.ReplaceAllString(property, "_$0")))
		switch user.Field(i).Type {
		case reflect.TypeFor[cloudadmin.Flag]():
			value = "true"
		case reflect.TypeFor[cloudadmin.Texts]():
			value = `["x"]`
		}
		var read cloudadmin.User
		must(t, json.Unmarshal([]byte(`{"`+property+`": `+value+`}`), &read))
		shown := map[string]string{}
		for _, p := range userProperties(t.Context(), &read) {
			if !p.value.IsNull() {
				shown[p.name] = p.value.String()
			}
		}
		if len(shown) != 1 || shown[name] != value {
			t.Errorf("%s: %s is shown as %v, want %s", property, value, shown, name)
		}
	}
	if n := len(userProperties(t.Context(), new(cloudadmin.User))); n != user.NumField() {
		t.Errorf("%d properties are shown, the API has %d", n, user.NumField())
	}
}
