// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"reflect"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// read reads attributes and an environment as the provider does.
func read(t *testing.T, environment map[string]string, attributes map[string]any) (Settings, diag.Diagnostics) {
	t.Helper()
	return Read(t.Context(), newModel(t, attributes), func(name string) string { return environment[name] }, false)
}

type unknown struct{}

// newModel returns a provider block with these attributes; a value of a nested attribute
// is a map, a set is a slice.
func newModel(t *testing.T, attributes map[string]any) Model {
	t.Helper()
	var model Model
	fill(t, &model, attributes)
	return model
}

// fill sets the fields of a model by the names of their attributes; those that are left
// out stay null.
func fill(t *testing.T, model any, attributes map[string]any) {
	t.Helper()
	fields := reflect.ValueOf(model).Elem()
	filled := 0
	for i := range fields.NumField() {
		value, given := attributes[fields.Type().Field(i).Tag.Get("tfsdk")]
		if !given {
			continue
		}
		filled++
		fields.Field(i).Set(reflect.ValueOf(attribute(t, fields.Field(i).Interface(), value)))
	}
	if filled < len(attributes) {
		t.Fatalf("%T does not have all of %v", model, attributes)
	}
}

var oauthTypes = map[string]attr.Type{
	"issuer_url": types.StringType, "token_url": types.StringType, "client_id": types.StringType, "private_key": types.StringType,
	"private_key_file": types.StringType, "private_key_id": types.StringType, "scopes": types.SetType{ElemType: types.StringType},
}

// attribute returns a value of the same type as a field.
func attribute(t *testing.T, field, value any) any {
	t.Helper()
	_, isUnknown := value.(unknown)
	switch field.(type) {
	case types.String:
		if isUnknown {
			return types.StringUnknown()
		}
		text, ok := value.(string)
		if !ok {
			return types.StringNull()
		}
		return types.StringValue(text)
	case types.Int64:
		if isUnknown {
			return types.Int64Unknown()
		}
		number, _ := value.(int)
		return types.Int64Value(int64(number))
	case types.Float64:
		if isUnknown {
			return types.Float64Unknown()
		}
		number, _ := value.(float64)
		return types.Float64Value(number)
	case types.Set:
		if isUnknown {
			return types.SetUnknown(types.StringType)
		}
		elements := []attr.Value{}
		for _, element := range value.([]any) { //nolint:forcetypeassert // The test's own table.
			elements = append(elements, attribute(t, types.String{}, element).(types.String)) //nolint:forcetypeassert // It has the type of the field.
		}
		return types.SetValueMust(types.StringType, elements)
	case types.Object:
		if isUnknown {
			return types.ObjectUnknown(oauthTypes)
		}
		oauth := OAuthModel{Scopes: types.SetNull(types.StringType)}
		fill(t, &oauth, value.(map[string]any)) //nolint:forcetypeassert // The test's own table.
		object, diags := types.ObjectValueFrom(t.Context(), oauthTypes, oauth)
		if diags.HasError() {
			t.Fatal(diags)
		}
		return object
	}
	t.Fatalf("no value of type %T", field)
	return nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type testKeys struct {
	pkcs1, pkcs8, ec, p384, small, public, encrypted string
}

var keys = sync.OnceValue(func() testKeys {
	encode := func(kind string, der []byte, headers map[string]string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der, Headers: headers}))
	}
	big, _ := rsa.GenerateKey(rand.Reader, 2048)
	small, _ := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // Too small on purpose: it is refused.
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(big)
	ec, _ := x509.MarshalECPrivateKey(p256)
	wrongCurve, _ := x509.MarshalECPrivateKey(p384)
	public, _ := x509.MarshalPKIXPublicKey(big.Public())
	return testKeys{
		pkcs1:     encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(big), nil),
		pkcs8:     encode("PRIVATE KEY", pkcs8, nil),
		ec:        encode("EC PRIVATE KEY", ec, nil),
		p384:      encode("EC PRIVATE KEY", wrongCurve, nil),
		small:     encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(small), nil),
		public:    encode("PUBLIC KEY", public, nil),
		encrypted: encode("ENCRYPTED PRIVATE KEY", pkcs8, nil),
	}
})

func keyFile(t *testing.T, fields map[string]any) string {
	t.Helper()
	content, err := json.Marshal(fields)
	must(t, err)
	return string(content)
}
