// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a Chromium without a window.
type browser struct{ ctx context.Context }

func startBrowser(t *testing.T) *browser {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("skipped: no Chromium is installed (tools/browser.sh installs Debian's)")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return &browser{ctx}
}

// ask sends a command of the browser's protocol to a tab.
func ask[P, R any](t *testing.T, s *shown, command cdp.Command[P, R], params P) R {
	t.Helper()
	result, err := chromedp.Call(s.ctx, command, params)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// shown is a page in a tab.
type shown struct {
	ctx  context.Context
	mu   sync.Mutex
	seen []string
}

func (b *browser) open(t *testing.T, e *Evidence) *shown {
	t.Helper()
	file := filepath.Join(t.TempDir(), "evidence.html")
	var text bytes.Buffer
	if err := WriteHTML(&text, e); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	url := "file://" + filepath.ToSlash(file)
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	s := &shown{ctx: ctx}
	err := chromedp.Listen(ctx, func(event any) {
		switch event := event.(type) {
		case *network.EventRequestWillBeSent:
			if event.Request.URL != url {
				s.tell("request: " + event.Request.URL)
			}
		case *page.EventJavascriptDialogOpening:
			s.tell("dialog: " + event.Message)
			go func() { _, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}) }()
		case *runtime.EventExceptionThrown:
			s.tell("script: " + event.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	ask(t, s, network.Enable, network.EnableParams{})
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *shown) tell(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, what)
}

func (s *shown) told() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

func (s *shown) resize(t *testing.T, width int64) {
	t.Helper()
	ask(t, s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 844, DeviceScaleFactor: 1, Mobile: width < 500})
}

func (s *shown) number(t *testing.T, expression string) float64 {
	t.Helper()
	number, err := chromedp.Run(s.ctx, chromedp.Evaluate[float64](expression))
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// check asks axe whether people who cannot see the page can use it.
func (s *shown) check(t *testing.T, axe string) {
	t.Helper()
	if axe == "" {
		t.Skip("skipped: axe-core is not in .tools (tools/browser.sh puts it there)")
	}
	if err := chromedp.Do(s.ctx, chromedp.Evaluate[chromedp.Void](axe+";0")); err != nil {
		t.Fatal(err)
	}
	const run = `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + n.failureSummary)}))))`
	answer, err := chromedp.Run(s.ctx, chromedp.Evaluate[string](run, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	var violations []struct {
		ID    string
		Nodes []string
	}
	if err := json.Unmarshal([]byte(answer), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("axe: %s\n%s", v.ID, strings.Join(v.Nodes, "\n"))
	}
}

func (s *shown) pdf(t *testing.T) []byte {
	t.Helper()
	return ask(t, s, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true)}).Data
}

// picture writes a screenshot, if one is wanted.
func (s *shown) picture(t *testing.T, name string, width int64) {
	t.Helper()
	if *pictures == "" {
		return
	}
	height := 1000.0
	if width < 500 {
		height = 1500
	}
	clip := page.Viewport{Width: float64(width), Height: height, Scale: 1}
	data := ask(t, s, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: new(true), Clip: &clip}).Data
	file := filepath.Join(*pictures, fmt.Sprintf("%s-%d.png", strings.ReplaceAll(name, " ", "-"), width))
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// axeCore returns the text of axe-core, or an empty text if it is not installed.
func axeCore(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", ".tools", "axe-core", "axe.min.js"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}
