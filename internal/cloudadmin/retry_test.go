// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func answerAda(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`{"id": "1", "emailAddress": "ada@example.com", "userStatus": "Enabled"}`))
}

// failing fails the first n requests (0: all), and counts all requests.
func failing(times int32, failure http.HandlerFunc) (http.HandlerFunc, *atomic.Int32) {
	requests := new(atomic.Int32)
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if n := requests.Add(1); times == 0 || n <= times {
			failure(w, r)
			return
		}
		answerAda(w, r)
	}, requests
}

// cutBody announces more than it sends.
func cutBody(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"id": "1"`))
}

func TestFailuresThatAreRetried(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		failure http.HandlerFunc
	}{
		{"429", simulator.AnswerTooManyRequests("")},
		{"500", simulator.AnswerAPIError(500, "An internal error occurred.")},
		{"500 of the filter", simulator.AnswerFilterError(500, "")},
		{"502", simulator.AnswerRaw(502, "text/html", "<html><title>Bad Gateway</title></html>")},
		{"503", simulator.AnswerRaw(503, "text/plain", "")},
		{"504", simulator.AnswerRaw(504, "text/html", "<html>")},
		{"cut connection", simulator.CutConnection},
		{"body cut by the connection", cutBody},
		{"JSON cut", simulator.AnswerRaw(200, "application/json", `{"id": "1", "emailAddr`)},
		{"empty 200", simulator.AnswerRaw(200, "application/json", "")},
		{"blank 200", simulator.AnswerRaw(200, "application/json", " \n")},
		{"empty 204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			handler, requests := failing(2, tc.failure)
			config, waits := serve(t, handler)
			must(t, lookUp(t.Context(), New(config), ada))
			if requests.Load() != 3 {
				t.Errorf("%d requests, want 3", requests.Load())
			}
			if len(waits.all()) != 2 {
				t.Fatalf("it waited %v, want two waits", waits.all())
			}
			for i, wait := range waits.all() {
				if wait < 0 || wait > firstBackoff<<i {
					t.Errorf("wait %d is %s, want at most %s", i+1, wait, firstBackoff<<i)
				}
			}
		})
	}
}

func TestFailuresThatAreNotRetried(t *testing.T) {
	t.Parallel()
	type row struct {
		name    string
		failure http.HandlerFunc
		want    string
	}
	table := []row{
		{"redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, "answered 302"},
		{"HTML 403", simulator.AnswerRaw(403, "text/html", "<html>"), "answered 403"},
		{"too long", simulator.AnswerRaw(200, "application/json", `"`+strings.Repeat("a", 1<<20)+`"`), "longer than"},
		{"other JSON", simulator.AnswerRaw(200, "application/json", `[]`), "not of the expected form"},
		{"no id", simulator.AnswerRaw(200, "application/json", `{}`), "has no user id"},
	}
	for _, status := range []int{400, 401, 403, 404, 405, 408, 409, 410, 415, 422, 501, 505} {
		table = append(table, row{fmt.Sprint(status), simulator.AnswerAPIError(status, "No."), fmt.Sprintf("answered %d", status)})
	}
	for _, tc := range table {
		inBubble(t, tc.name, func(t *testing.T) {
			handler, requests := failing(0, tc.failure)
			config, waits := serve(t, handler)
			err := lookUp(t.Context(), New(config), ada)
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "attempts") {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if requests.Load() != 1 || len(waits.all()) != 0 {
				t.Errorf("%d requests and the waits %v, want one and none", requests.Load(), waits.all())
			}
		})
	}
}

func TestCancellationIsNotRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("the caller left")
		ctx, cancel := context.WithCancelCause(t.Context())
		handler, requests := failing(0, func(_ http.ResponseWriter, r *http.Request) {
			cancel(gone)
			<-r.Context().Done()
		})
		config, waits := serve(t, handler)
		if err := lookUp(ctx, New(config), ada); !errors.Is(err, gone) {
			t.Errorf("got %v", err)
		}
		if requests.Load() != 1 || len(waits.all()) != 0 {
			t.Errorf("%d requests and the waits %v, want one and none", requests.Load(), waits.all())
		}
	})
}

func TestCancellationEndsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("the caller left")
		ctx, cancel := context.WithCancelCause(t.Context())
		handler, requests := failing(0, simulator.AnswerTooManyRequests("30"))
		config, waits := serve(t, handler)
		waits.onWait = func() { cancel(gone) }
		err := lookUp(ctx, New(config), ada)
		if !IsThrottled(err) || !errors.Is(err, gone) || !strings.Contains(err.Error(), ", while waiting to try again: ") {
			t.Errorf("got %v", err)
		}
		if requests.Load() != 1 || len(waits.all()) != 1 {
			t.Errorf("%d requests and the waits %v, want one each", requests.Load(), waits.all())
		}
	})
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		deadline time.Duration
		waits    int
	}{
		{"would pass during the wait", 20 * time.Second, 0},
		{"leaves time", time.Hour, 3},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			handler, requests := failing(0, simulator.AnswerTooManyRequests("30"))
			config, waits := serve(t, handler)
			config.MaxRetries = new(3)
			ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(tc.deadline))
			defer cancel()
			if err := lookUp(ctx, New(config), ada); !IsThrottled(err) {
				t.Errorf("got %v, want the last answer", err)
			}
			if len(waits.all()) != tc.waits || int(requests.Load()) != tc.waits+1 {
				t.Errorf("%d requests and the waits %v, want %d waits", requests.Load(), waits.all(), tc.waits)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	date := func(d time.Duration) func(time.Time) string {
		return func(now time.Time) string { return now.Add(d).UTC().Format(http.TimeFormat) }
	}
	text := func(value string) func(time.Time) string { return func(time.Time) string { return value } }
	for _, tc := range []struct {
		name         string
		value        func(now time.Time) string
		atLeast, max time.Duration
	}{
		{"seconds", text("7"), 7 * time.Second, 7700 * time.Millisecond},
		{"seconds amid blanks", text(" 7 "), 7 * time.Second, 7700 * time.Millisecond},
		{"HTTP date", date(20 * time.Second), 20 * time.Second, 22 * time.Second},
		{"a minute", text("60"), time.Minute, 66 * time.Second},
		{"an hour", text("3600"), time.Minute, 66 * time.Second},
		{"HTTP date far ahead", date(24 * time.Hour), time.Minute, 66 * time.Second},
		{"at once", text("0"), 0, 0},
		{"HTTP date in the past", date(-time.Hour), 0, 0},
		{"garbage", text("soon"), 0, firstBackoff},
		{"negative", text("-5"), 0, firstBackoff},
		{"fraction", text("1.5"), 0, firstBackoff},
		{"absent", text(""), 0, firstBackoff},
	} {
		for _, status := range []int{429, 503} {
			inBubble(t, fmt.Sprint(tc.name, " ", status), func(t *testing.T) {
				handler, _ := failing(1, func(w http.ResponseWriter, _ *http.Request) {
					if value := tc.value(time.Now()); value != "" {
						w.Header().Set("Retry-After", value)
					}
					w.WriteHeader(status)
				})
				config, waits := serve(t, handler)
				must(t, lookUp(t.Context(), New(config), ada))
				if spans := waits.all(); len(spans) != 1 || spans[0] < tc.atLeast || spans[0] > tc.max {
					t.Errorf("it waited %v, want %s to %s", spans, tc.atLeast, tc.max)
				}
			})
		}
	}
}

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		value string
		want  time.Duration
		ok    bool
	}{
		{"7", 7 * time.Second, true},
		{"0", 0, true},
		{"4294967296", time.Minute, true},
		{"99999999999999999999", time.Minute, true},
		{"Sun, 01 Jun 2025 12:00:05 GMT", 5 * time.Second, true},
		{"Sunday, 01-Jun-25 12:00:05 GMT", 5 * time.Second, true},
		{"Sun, 01 Jun 2025 11:00:00 GMT", 0, true},
		{"", 0, false},
		{"soon", 0, false},
		{"-5", 0, false},
		{"1.5", 0, false},
		{"1e9", 0, false},
		{"2025-06-01T12:00:05Z", 0, false},
	} {
		inBubble(t, tc.value, func(t *testing.T) {
			if got, ok := parseRetryAfter(tc.value, now); got != tc.want || ok != tc.ok {
				t.Errorf("got %s, %t; want %s, %t", got, ok, tc.want, tc.ok)
			}
		})
	}
}

func TestMaxRetries(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		retries *int
		want    int
	}{
		{"default", nil, 9},
		{"none", new(0), 1},
		{"one", new(1), 2},
		{"three", new(3), 4},
	} {
		for name, failure := range map[string]http.HandlerFunc{
			"refused": simulator.AnswerAPIError(500, "An internal error occurred."),
			"cut":     simulator.CutConnection,
		} {
			inBubble(t, tc.name+", "+name, func(t *testing.T) {
				handler, requests := failing(0, failure)
				config, waits := serve(t, handler)
				config.MaxRetries = tc.retries
				err := lookUp(t.Context(), New(config), ada)
				if err == nil {
					t.Fatal("no error")
				}
				if int(requests.Load()) != tc.want || len(waits.all()) != tc.want-1 {
					t.Errorf("%d requests and %d waits, want %d requests", requests.Load(), len(waits.all()), tc.want)
				}
				said := fmt.Sprintf("(after %d attempts in ", tc.want)
				if strings.Contains(err.Error(), said) != (tc.want > 1) || strings.Contains(err.Error(), "attempts") != (tc.want > 1) {
					t.Errorf("got %q", err)
				}
				var retried *RetryError
				if errors.As(err, &retried) != (tc.want > 1) || retried != nil && retried.Attempts != tc.want {
					t.Errorf("it says %+v", retried)
				}
				for i, wait := range waits.all() {
					if span := min(firstBackoff<<i, maxBackoff); wait > span {
						t.Errorf("wait %d is %s, want at most %s", i+1, wait, span)
					}
				}
			})
		}
	}
}

func TestAttemptsOfASuccessAreNotAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		handler, requests := failing(8, simulator.CutConnection)
		config, _ := serve(t, handler)
		must(t, lookUp(t.Context(), New(config), ada))
		if requests.Load() != 9 {
			t.Errorf("%d requests, want 9", requests.Load())
		}
	})
}

func TestSlowAttemptsAreRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		handler, _ := failing(0, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		config, waits := serve(t, handler)
		config.RequestTimeout = 10 * time.Millisecond
		config.MaxRetries = new(1)
		err := lookUp(t.Context(), New(config), ada)
		const want = "POST http://127.0.0.1/AdminInterface/restapi/v1/users/lookup: no answer in time (10ms) (after 2 attempts in "
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if len(waits.all()) != 1 {
			t.Errorf("it waited %v, want once", waits.all())
		}
	})
}

func TestFullJitterStaysInItsSpan(t *testing.T) {
	t.Parallel()
	for n, span := range map[int]time.Duration{
		1: 500 * time.Millisecond, 2: time.Second, 3: 2 * time.Second, 4: 4 * time.Second, 5: 8 * time.Second,
		6: 16 * time.Second, 7: 30 * time.Second, 8: 30 * time.Second, 64: 30 * time.Second, 1000: 30 * time.Second,
	} {
		inBubble(t, fmt.Sprint(n), func(t *testing.T) {
			least, most := span, time.Duration(0)
			for range 1000 {
				wait := fullJitter(n)
				if wait < 0 || wait >= span {
					t.Fatalf("%s is outside of %s", wait, span)
				}
				least, most = min(least, wait), max(most, wait)
			}
			// By chance this test fails once in 2^1000 runs.
			if least >= span/2 || most < span/2 {
				t.Errorf("a thousand waits lie between %s and %s: they are not spread over %s", least, most, span)
			}
		})
	}
	if got := jitter(0); got != 0 {
		t.Errorf("jitter of nothing is %s", got)
	}
}
