// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Time in these tests is that of a synctest bubble, in which waiting takes no time. A
// bubble needs connections that stay in memory.

// inBubble runs a subtest in its own bubble.
func inBubble(t *testing.T, name string, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, test)
	})
}

// inMemory serves real HTTP over connections in memory, whatever host is called.
func inMemory(t *testing.T, handler http.Handler) *http.Transport {
	t.Helper()
	listener := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // ended by Close
	transport := NewTransport(DefaultMaxConcurrentRequests)
	transport.Proxy, transport.DialContext, transport.MaxConnsPerHost = nil, listener.dial, 0
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
	})
	return transport
}

// pipes is a listener in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (*pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// waits is a log handler that records how long requests wait to be sent again.
type waits struct {
	// onWait, when set, is called at the beginning of each wait.
	onWait func()

	mu    sync.Mutex
	spans []time.Duration
}

func (w *waits) all() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.spans)
}

func (*waits) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (w *waits) Handle(_ context.Context, record slog.Record) error {
	record.Attrs(func(attribute slog.Attr) bool {
		if attribute.Key == "wait" {
			span, err := time.ParseDuration(attribute.Value.String())
			if err != nil {
				panic(err)
			}
			w.mu.Lock()
			w.spans = append(w.spans, span)
			w.mu.Unlock()
		}
		return true
	})
	if w.onWait != nil {
		w.onWait()
	}
	return nil
}

func (w *waits) WithAttrs([]slog.Attr) slog.Handler { return w }

func (w *waits) WithGroup(string) slog.Handler { return w }

// serve starts a server in memory, and returns a Config for a client of it with an access
// token.
func serve(t *testing.T, handler http.HandlerFunc) (Config, *waits) {
	t.Helper()
	base, err := ParseBaseURL("http://127.0.0.1/AdminInterface/restapi")
	must(t, err)
	waits := new(waits)
	return Config{BaseURL: base, Credentials: AccessToken("token"), Transport: inMemory(t, handler), Logger: slog.New(waits)}, waits
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func lookUp(ctx context.Context, client *Client, email string) error {
	_, err := client.Users.Lookup(ctx, Email(email), LookupOptions{})
	return err
}

func TestPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		must(t, Pause(t.Context(), time.Hour))
		if took := time.Since(begin); took != time.Hour {
			t.Errorf("an hour took %s", took)
		}
		gone := errors.New("the caller left")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(gone)
		if err := Pause(ctx, time.Hour); !errors.Is(err, gone) || time.Since(begin) != time.Hour {
			t.Errorf("a wait of a caller who left: %v", err)
		}
	})
}
