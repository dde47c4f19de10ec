// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build !linux && !darwin

package doctor

import "os"

// widthOf returns 0: the width is not known.
func widthOf(*os.File) int { return 0 }
