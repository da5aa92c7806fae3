//go:build linux

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"

	dnstap "github.com/dnstap/golang-dnstap"
)

// The names of the servers of the field logs.
const (
	logged     = "log"
	loggedJSON = "log as JSON"
	loggedFew  = "log, denials and errors"
	loggedRest = "log, in another block"
	tapped     = "dnstap"
	tappedFull = "dnstap, messages whole"
)

// enterLogs compares ours by itself with ours behind each of the plugins of CoreDNS that
// keep a log of queries. All of them turn the fast path off in their server block.
func enterLogs(ctx context.Context, e *entry) error {
	n := newNames(e.endpoints, e.vpcs)
	if err := e.addOurs(ctx, n); err != nil {
		return err
	}
	socket := filepath.Join(e.dir, "tap")
	received, err := receive(socket)
	if err != nil {
		return err
	}
	e.after = func() string {
		return fmt.Sprintf("dnstap's receiver was sent %d messages", received.Load())
	}
	for _, one := range []struct {
		name, ahead, flag string
		apart             bool
	}{
		{loggedRest, "log", "", true},
		{logged, "log", "", false},
		{loggedJSON, "log", "-log-format=json", false},
		{loggedFew, "log . {\n\t\tclass denial error\n\t}", "", false},
		{tapped, "dnstap " + socket, "", false},
		{tappedFull, "dnstap " + socket + " full", "", false},
	} {
		c := e.coredns(n)
		c.ahead, c.flag, c.apart = one.ahead, one.flag, one.apart
		peer, err := c.ours(one.name)
		if err != nil {
			return err
		}
		e.add(n, peer)
	}
	return nil
}

// receive takes what dnstap sends to a socket until the program ends, and counts the
// messages.
func receive(socket string) (*atomic.Int64, error) {
	input, err := dnstap.NewFrameStreamSockInputFromPath(socket)
	if err != nil {
		return nil, fmt.Errorf("listening for dnstap: %w", err)
	}
	frames, count := make(chan []byte, 10000), new(atomic.Int64)
	go input.ReadInto(frames)
	go func() {
		for range frames {
			count.Add(1)
		}
	}()
	return count, nil
}
