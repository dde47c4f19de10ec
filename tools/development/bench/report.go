// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// report is the JSON file: the circumstances, then the figures of each shape
// and number of users. Times are in seconds.
type report struct {
	Date           time.Time     `json:"date"`
	Terraform      string        `json:"terraform"`
	Go             string        `json:"go"` // that built the provider
	Revision       string        `json:"revision,omitempty"`
	System         string        `json:"system"`
	CPUs           int           `json:"cpus"`
	LatencySeconds float64       `json:"latency_seconds"`
	RateLimit      float64       `json:"rate_limit,omitempty"` // requests per second
	Runs           int           `json:"runs"`
	Results        []shapeReport `json:"results"`
}

type shapeReport struct {
	Users  int           `json:"users"`
	Shape  string        `json:"shape"`
	Phases []phaseReport `json:"phases"`
	Goals  []goal        `json:"goals"`
	// Disturbed says that other work kept the machine busy, so that times are not
	// to be trusted.
	Disturbed bool `json:"disturbed"`
}

type phaseReport struct {
	Phase             string                 `json:"phase"`
	WallSeconds       float64                `json:"wall_seconds"`
	TerraformCPU      float64                `json:"terraform_cpu_seconds"`
	ProviderCPU       float64                `json:"provider_cpu_seconds"`
	ProviderPeakBytes int64                  `json:"provider_peak_bytes"`
	ProviderProcesses int                    `json:"provider_processes"`
	FloorWallSeconds  float64                `json:"floor_wall_seconds"`
	FloorCPU          float64                `json:"floor_cpu_seconds"`
	WallRatio         float64                `json:"wall_ratio"`
	CPURatio          float64                `json:"cpu_ratio"`
	Requests          map[simulator.Kind]int `json:"requests"`
	Refused           map[simulator.Kind]int `json:"refused"`
	Connections       int                    `json:"connections"`
	SendingSeconds    float64                `json:"sending_seconds"` // from the first request to the last
}

func reportOf(s size, results []measured, goals []goal) shapeReport {
	r := shapeReport{Users: s.users, Shape: s.name, Goals: goals, Disturbed: disturbed(results)}
	for _, m := range results {
		r.Phases = append(r.Phases, phaseReport{
			Phase:             m.phase.name,
			WallSeconds:       m.provider.Wall.Seconds(),
			TerraformCPU:      m.provider.TerraformCPU.Seconds(),
			ProviderCPU:       m.provider.ProviderCPU.Seconds(),
			ProviderPeakBytes: m.provider.PeakBytes,
			ProviderProcesses: m.provider.Processes,
			FloorWallSeconds:  m.floor.Wall.Seconds(),
			FloorCPU:          m.floor.cpu().Seconds(),
			WallRatio:         m.wallRatio(),
			CPURatio:          m.cpuRatio(),
			Requests:          m.traffic.Requests,
			Refused:           m.traffic.Refused,
			Connections:       m.traffic.Connections,
			SendingSeconds:    m.traffic.Sending.Seconds(),
		})
	}
	return r
}

func (r report) write(name string) error {
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	return os.WriteFile(name, append(content, '\n'), 0o600)
}
