// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// terraform runs a command in the folder of the example.
func (s *stage) terraform(arguments ...string) outcome {
	typed := strings.Join(append([]string{filepath.Base(s.binary)}, arguments...), " ")
	return s.run(typed, s.abridged(), s.binary, append(arguments, "-no-color")...)
}

// initialize runs terraform init, of which only the provider matters here.
func (s *stage) initialize() outcome {
	printed := &onlyLines{to: s.out, that: regexp.MustCompile(`^- Install`)}
	return s.run(filepath.Base(s.binary)+" init", printed, s.binary, "init", "-input=false", "-no-color").exits(0)
}

// run runs a program in the folder of the example, and prints it as it would be typed.
func (s *stage) run(typed string, printed flusher, program string, arguments ...string) outcome {
	meant := s.failureIsMeant
	s.failureIsMeant = false
	if s.failure != nil {
		return outcome{s: s}
	}
	s.typed(typed)
	command := exec.CommandContext(s.ctx, program, arguments...)
	command.Dir, command.Env = s.folder, s.env
	// A Terraform that is interrupted finishes what it has begun.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 30 * time.Second
	var output bytes.Buffer
	both := io.MultiWriter(&output, printed)
	command.Stdout, command.Stderr = both, both
	err := command.Run()
	printed.flush()
	if s.ctx.Err() != nil {
		s.fail(errors.New("interrupted"))
	}
	if command.ProcessState == nil {
		s.fail(err)
		return outcome{s: s}
	}
	ended := outcome{s, output.String(), command.ProcessState.ExitCode()}
	if ended.code == 1 && !meant {
		// The omitted output may have the cause.
		s.fail(fmt.Errorf("the command failed unexpectedly. Its complete output:\n%s", ended.text))
	}
	return ended
}

// flusher prints a command's output and, at the end, what it has held back.
type flusher interface {
	io.Writer
	flush()
}

// onlyLines prints lines of one kind.
type onlyLines struct {
	to   io.Writer
	that *regexp.Regexp
	text bytes.Buffer
}

func (o *onlyLines) Write(text []byte) (int, error) { return o.text.Write(text) }

func (o *onlyLines) flush() {
	for line := range strings.Lines(o.text.String()) {
		if o.that.MatchString(line) {
			_, _ = io.WriteString(o.to, line)
		}
	}
}

// tenant changes the tenant by hand, through the simulator's control surface.
func (s *stage) tenant(method, what string) outcome {
	if s.failure != nil {
		return outcome{s: s}
	}
	url := s.server.URL() + "/simulator/" + what
	shown := url
	if strings.Contains(url, "&") {
		shown = "'" + url + "'"
	}
	s.typed("curl -X " + method + " " + shown)
	request, err := http.NewRequestWithContext(s.ctx, method, url, http.NoBody)
	if err != nil {
		s.fail(err)
		return outcome{s: s}
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		s.fail(err)
		return outcome{s: s}
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	s.fail(err)
	s.printAbridged(string(body))
	if answer.StatusCode != http.StatusOK {
		s.fail(fmt.Errorf("%s answered %s", url, answer.Status))
	}
	return outcome{s, string(body), 0}
}

// outcome is a command's output and exit code.
type outcome struct {
	s    *stage
	text string
	code int
}

func (o outcome) exits(code int) outcome {
	if o.s.failure == nil && o.code != code {
		o.s.fail(fmt.Errorf("the last command ended with exit code %d instead of %d", o.code, code))
	}
	o.s.checks++
	return o
}

// says compares words, because Terraform breaks lines anywhere.
func (o outcome) says(texts ...string) {
	words := strings.Join(strings.Fields(o.text), " ")
	for _, text := range texts {
		if o.s.failure == nil && !strings.Contains(words, text) {
			o.s.fail(fmt.Errorf("the last command did not print %q", text))
		}
		o.s.checks++
	}
}
