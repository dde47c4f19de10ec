// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// tinyStateFile is terraform.tfstate, in Terraform's form but for the identity.
type tinyStateFile struct {
	Version   int            `json:"version"`
	Serial    int            `json:"serial"`
	Resources []tinyResource `json:"resources"`
}

type tinyResource struct {
	Mode      string         `json:"mode"`
	Type      string         `json:"type"`
	Name      string         `json:"name"`
	Instances []tinyInstance `json:"instances"`
}

type tinyInstance struct {
	IndexKey            any             `json:"index_key,omitempty"`
	Status              string          `json:"status,omitempty"`
	Deposed             string          `json:"deposed,omitempty"`
	Attributes          json.RawMessage `json:"attributes"`
	Identity            []byte          `json:"identity,omitempty"`
	Private             []byte          `json:"private,omitempty"`
	Dependencies        []string        `json:"dependencies,omitempty"`
	CreateBeforeDestroy bool            `json:"create_before_destroy,omitempty"`
}

const (
	stateFile    = "terraform.tfstate"
	statusTaint  = "tainted"
	builtinsType = "terraform_data"
)

// stateFile is terraform.tfstate, empty where that is not there.
func (w *workspace) stateFile() (file tinyStateFile) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return file
	}
	must(w.t, err)
	must(w.t, json.Unmarshal(text, &file))
	return file
}

// readState reads terraform.tfstate, which need not be there.
func (r *tinyRun) readState() {
	r.t.Helper()
	r.tf.state, r.builtins = tfState{}, map[string]tinyData{}
	file := r.stateFile()
	r.tf.serial = file.Serial
	for _, resource := range file.Resources {
		for _, saved := range resource.Instances {
			address := resource.Type + "." + resource.Name
			switch key := saved.IndexKey.(type) {
			case string:
				address += "[" + strconv.Quote(key) + "]"
			case float64:
				address += "[" + strconv.Itoa(int(key)) + "]"
			}
			if resource.Type == builtinsType {
				r.builtins[address] = r.builtinOf(saved.Attributes)
				continue
			}
			r.addInstance(address, resource.Type, saved)
		}
	}
}

func (r *tinyRun) addInstance(address, kind string, saved tinyInstance) {
	r.t.Helper()
	value, err := (&tfprotov6.RawState{JSON: saved.Attributes}).Unmarshal(r.tf.typeOf(kind))
	must(r.t, err)
	object := &tfObject{value: value, private: saved.Private, tainted: saved.Status == statusTaint}
	if saved.Identity != nil {
		object.identity = &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: saved.Identity}}
	}
	instance := r.tf.state[address]
	if instance == nil {
		instance = &tfInstance{kind: kind, dependencies: saved.Dependencies, createBeforeDestroy: saved.CreateBeforeDestroy}
		r.tf.state[address] = instance
	}
	if saved.Deposed != "" {
		instance.deposed = append(instance.deposed, object)
	} else {
		instance.current = object
	}
}

// builtinOf reads a terraform_data, whose values are saved with their types.
func (r *tinyRun) builtinOf(attributes json.RawMessage) tinyData {
	r.t.Helper()
	var saved map[string]json.RawMessage
	must(r.t, json.Unmarshal(attributes, &saved))
	values := map[string]cty.Value{}
	for name, text := range saved {
		value, err := ctyjson.Unmarshal(text, cty.DynamicPseudoType)
		must(r.t, err)
		values[name] = value
	}
	return tinyData{values["input"], values["triggers_replace"]}
}

// writeState leaves a state alone that has not changed.
func (r *tinyRun) writeState() {
	r.t.Helper()
	was := r.stateFile()
	file := tinyStateFile{Version: 4, Serial: was.Serial}
	add := func(address string, instance tinyInstance) {
		name, key, indexed := strings.Cut(strings.TrimSuffix(address, "]"), "[")
		if indexed {
			must(r.t, json.Unmarshal([]byte(key), &instance.IndexKey))
		}
		kind, name, _ := strings.Cut(name, ".")
		i := slices.IndexFunc(file.Resources, func(one tinyResource) bool { return one.Type == kind && one.Name == name })
		if i < 0 {
			i = len(file.Resources)
			file.Resources = append(file.Resources, tinyResource{Mode: "managed", Type: kind, Name: name})
		}
		file.Resources[i].Instances = append(file.Resources[i].Instances, instance)
	}
	for _, address := range slices.Sorted(maps.Keys(r.builtins)) {
		saved := map[string]json.RawMessage{}
		for name, value := range map[string]cty.Value{"input": r.builtins[address].input, "triggers_replace": r.builtins[address].triggers} {
			text, err := ctyjson.Marshal(value, cty.DynamicPseudoType)
			must(r.t, err)
			saved[name] = text
		}
		attributes, err := json.Marshal(saved)
		must(r.t, err)
		add(address, tinyInstance{Attributes: attributes})
	}
	for _, address := range slices.Sorted(maps.Keys(r.tf.state)) {
		instance := r.tf.state[address]
		if instance.current != nil {
			add(address, r.saved(instance, instance.current))
		}
		for i, deposed := range instance.deposed {
			saved := r.saved(instance, deposed)
			saved.Deposed = strconv.Itoa(i + 1)
			add(address, saved)
		}
	}
	if asJSON(file) == asJSON(was) {
		return
	}
	file.Serial++
	text, err := json.MarshalIndent(file, "", "  ")
	must(r.t, err)
	must(r.t, os.WriteFile(filepath.Join(r.dir, stateFile), text, 0o600))
}

func (r *tinyRun) saved(instance *tfInstance, object *tfObject) tinyInstance {
	r.t.Helper()
	value := r.tf.ctyValueOf(object.value)
	attributes, err := ctyjson.Marshal(value, value.Type())
	must(r.t, err)
	saved := tinyInstance{
		Attributes: attributes, Private: object.private, Dependencies: instance.dependencies, CreateBeforeDestroy: instance.createBeforeDestroy,
	}
	if object.tainted {
		saved.Status = statusTaint
	}
	if object.identity != nil && object.identity.IdentityData != nil {
		saved.Identity = object.identity.IdentityData.MsgPack
	}
	return saved
}
