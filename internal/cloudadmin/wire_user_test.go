// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"reflect"
	"strings"
	"testing"
)

// Each property has its other spellings, in the same place.
func TestOtherSpellings(t *testing.T) {
	t.Parallel()
	properties, spellings := reflect.TypeFor[wireUser](), reflect.TypeFor[otherSpellings]()
	if properties.Field(0).Type != spellings || properties.NumField() != spellings.NumField()+1 {
		t.Fatalf("%d properties, %d of them with other spellings", properties.NumField()-1, spellings.NumField())
	}
	for i := range spellings.NumField() {
		want := strings.ToUpper(properties.Field(i + 1).Tag.Get("json"))
		if got := spellings.Field(i).Tag.Get("json"); got != want {
			t.Errorf("the other spelling of %s is %q, want %q", properties.Field(i+1).Name, got, want)
		}
	}
}
