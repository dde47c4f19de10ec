// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server is a tenant that listens.
type Server struct {
	http   *http.Server
	url    string
	served chan struct{} // closed when the server has stopped accepting
}

// Start serves the tenant on a free port of 127.0.0.1.
func Start(t *Tenant) (*Server, error) {
	return StartAt(t, "127.0.0.1:0")
}

// StartAt serves the tenant at an address, host and port. It fails if the host is not
// loopback, because the control surface requires no authentication, and if the port is in
// use.
func StartAt(t *Tenant, address string) (*Server, error) {
	resolved, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("the address to listen on: %w", err)
	}
	if !resolved.IP.IsLoopback() {
		return nil, fmt.Errorf("the simulator listens on loopback only, and %s is not", address)
	}
	listener, err := net.ListenTCP("tcp", resolved)
	if err != nil {
		return nil, err
	}
	s := &Server{
		http: &http.Server{
			Handler:           t.Handler(),
			ReadHeaderTimeout: 10 * time.Second,
			ConnState: func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					t.traffic.connected()
				}
			},
		},
		url:    "http://" + listener.Addr().String(),
		served: make(chan struct{}),
	}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(listener) // ends by Close or Shutdown, with an error that says so
	}()
	return s, nil
}

// URL returns the server's base URL, without a slash at the end.
func (s *Server) URL() string { return s.url }

// AdminAPIURL returns the base URL of the Cloud Administration API, without a version.
func (s *Server) AdminAPIURL() string { return s.url + adminAPIPath }

// IssuerURL returns the issuer URL of OAuth clients; the token endpoint is below it.
func (s *Server) IssuerURL() string { return s.url + issuerPath }

// Close ends the server and every connection at once. It may be called twice.
func (s *Server) Close() {
	_ = s.http.Close() // only closing the listener can fail, and that does no harm
	<-s.served
}

// Shutdown ends the server once the requests in progress are answered, or the context ends.
func (s *Server) Shutdown(ctx context.Context) error {
	if err := s.http.Shutdown(ctx); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, s.http.Close())
	}
	<-s.served
	return nil
}
