// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Command launcher stands where Terraform looks for the provider. It starts the
// real one as its child and, when that has ended, writes down what the kernel
// says it used: Terraform starts the provider several times per command, and
// nobody else gets to know what one process of it has cost.
//
// That it is a small program matters. On Linux a process starts with the peak
// memory of the one that started it, which for a provider started by Terraform
// is Terraform's.
package main

import (
	"errors"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/tools/development/bench/usage"
)

func main() {
	log.SetPrefix("launcher: ")
	code, err := launch(os.Getenv(usage.ProviderVariable), os.Getenv(usage.FolderVariable))
	if err != nil {
		log.Fatal(err)
	}
	os.Exit(code)
}

// launch runs the provider to its end. It writes its file at the start already,
// so that a launcher that is killed leaves one that names the process it left.
func launch(provider, folder string) (code int, err error) {
	if provider == "" || folder == "" {
		return 0, errors.New(usage.ProviderVariable + " and " + usage.FolderVariable + " are not both set")
	}
	name, err := usage.Create(folder)
	if err != nil {
		return 0, err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)

	command := exec.Command(provider, os.Args[1:]...) //nolint:gosec,noctx // To start that program is what this one is for. Terraform ends it.
	// The files themselves and not pipes: Terraform's handshake is on them.
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		return 0, err
	}
	process := usage.Process{PID: command.Process.Pid}
	if err := process.Write(name); err != nil {
		return 0, errors.Join(err, command.Process.Kill(), command.Wait())
	}
	go func() {
		for received := range signals {
			_ = command.Process.Signal(received) // fails only when the provider has ended
		}
	}()

	if err := command.Wait(); err != nil && command.ProcessState == nil {
		return 0, err
	}
	if err := measure(&process, command.ProcessState); err != nil {
		return 0, err
	}
	code = command.ProcessState.ExitCode()
	if code < 0 { // by a signal
		code = 1
	}
	return code, process.Write(name)
}

func measure(process *usage.Process, ended *os.ProcessState) error {
	provider, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return errors.New("this system does not say what a process used")
	}
	process.Ended = true
	process.CPU = ended.UserTime() + ended.SystemTime()
	process.PeakBytes = int64(provider.Maxrss) //nolint:unconvert // It has 32 bits on some systems.
	if runtime.GOOS != "darwin" {
		process.PeakBytes *= 1024
	}
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return err
	}
	process.LauncherCPU = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	return nil
}
