// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"fmt"
	"io"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/console"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// sayWait prints a line about a longer wait of the client.
func (x *examination) sayWait(wait time.Duration) {
	answer := "there was no answer"
	if all := x.observer.all(""); len(all) > 0 && all[len(all)-1].status != 0 {
		answer = fmt.Sprintf("the answer was %d", all[len(all)-1].status)
	}
	text := fmt.Sprintf("retries in %s: %s", phrase.Duration(wait), answer)
	_, _ = io.WriteString(x.out.out, columns("..", "", console.Wrap(text, x.out.textWidth())))
}
