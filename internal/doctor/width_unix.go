// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build linux || darwin

package doctor

import (
	"os"
	"syscall"
	"unsafe"
)

// widthOf returns how many characters a line of a terminal has; 0 where that is not
// known.
func widthOf(f *os.File) int {
	var size struct{ rows, columns, width, height uint16 }
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size))) //nolint:gosec // As ioctl_tty(2) has it.
	if errno != 0 {
		return 0
	}
	return int(size.columns)
}
