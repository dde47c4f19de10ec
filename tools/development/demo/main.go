// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command demo shows the provider at work: it installs the provider as a user gets it,
// starts simulated tenants, and runs the real Terraform on the access reviews in examples/.
// Each command is printed before it runs, and its result is checked.
//
// It plays all scenes, or the one whose number is in SCENE.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := show(ctx, os.Getenv("SCENE")); err != nil {
		fmt.Fprintf(os.Stderr, "\nThe demo failed: %v\n", err)
		stop()
		os.Exit(1)
	}
}

// show plays scenes in a folder and against its own tenants.
func show(ctx context.Context, chosen string) error {
	scenes, err := choose(allScenes(), chosen)
	if err != nil {
		return err
	}
	s, err := newStage(ctx)
	if err != nil {
		return err
	}
	defer s.clear()
	if chosen == "" {
		s.say(fmt.Sprintf("%d scenes: an access review from roster to evidence, then shorter ones. SCENE=5 make demo plays one of them.", len(scenes)))
	}
	s.installProvider()
	for _, next := range scenes {
		s.heading(next)
		if next.play(s); s.failure != nil {
			return fmt.Errorf("scene %d, %s: %w", next.number, next.title, s.failure)
		}
	}
	if s.clear(); s.failure != nil {
		return s.failure
	}
	s.out = os.Stdout
	s.say(fmt.Sprintf("Played with %s. All %d checks passed, and everything is cleaned up.", s.version, s.checks))
	if s.kept {
		s.say("The evidence of the review is kept. To see it, open this page in a browser:")
		s.print("\n  " + filepath.Join(keptFolder, pageName) + "\n")
	}
	return nil
}
