//go:build linux

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/auralink/auralink/test/peers"
)

// startsEach is how often a server is started in a round. Single starts of the same
// server differ by half.
const startsEach = 7

// start starts the server again and again, and returns the time until each first
// answer. The first start is not counted: its files were just written.
func (a *solo) start(ctx context.Context, between pair, dir string) ([]time.Duration, error) {
	server, err := a.launch(peers.Place{Dir: dir, Addr: serverAt})
	if err != nil {
		return nil, err
	}
	defer func() { server.Stop() }()
	var times []time.Duration
	for range startsEach {
		server.Stop()
		first, err := a.again(ctx, between, server)
		if err != nil {
			return nil, err
		}
		times = append(times, first)
	}
	return times, nil
}

// again starts a server that was stopped and returns the time until its first answer.
// Whoever asks is there before the server, and has asked none before: a late answer of
// another one would count.
func (a *solo) again(ctx context.Context, between pair, server *peers.Server) (time.Duration, error) {
	var asking *crowd
	err := between.clients.Do(func() (err error) {
		asking, err = newCrowd(serverAt, a.names, a.edns, 1)
		return err
	})
	if err != nil {
		return 0, err
	}
	defer asking.close()
	if err := server.Relaunch(); err != nil {
		return 0, err
	}
	return awaitFirst(ctx, asking, server)
}

// awaitFirst returns the time from a server's start until its first answer, once it is
// ready.
func awaitFirst(ctx context.Context, asking *crowd, server *peers.Server) (time.Duration, error) {
	starting, stop := context.WithTimeout(ctx, startTime)
	defer stop()
	if err := asking.awaitAnswer(starting); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, server.Log())
	}
	first := time.Since(server.Started())
	return first, server.AwaitReady(starting)
}
