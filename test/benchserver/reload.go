//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/auralink/auralink/test/benchserver/scale"
)

// loaded is what our plugin logs when it has loaded a changed topology.
const loaded = "loaded topology"

// What reload may find: that queries were lost, by a reload or because the machine was
// busy, and that too few topologies were loaded.
var (
	errLost = errors.New("queries were lost")
	errFew  = errors.New("too few topologies were loaded")
)

// reload has each of ours at half load for so long, while its topology changes
// every second, and says what was lost.
func (c *contest) reload(ctx context.Context, w io.Writer, duration time.Duration) error {
	var errs []error
	for _, e := range c.entrants {
		full, err := e.load(seconds(c.seconds), 0).run(ctx, c.options)
		if err != nil {
			return fmt.Errorf("looking for the full load of %s: %w", e.name(), err)
		}
		changing, stop := context.WithCancel(ctx)
		changed := make(chan error, 1)
		go func() { changed <- e.keepChanging(changing) }()
		half, err := c.atHalf(ctx, e, full.rate, duration)
		stop()
		if err := errors.Join(err, <-changed); err != nil {
			return fmt.Errorf("reloading %s: %w", e.name(), err)
		}
		reloads := strings.Count(e.server.Log(), loaded)
		fmt.Fprintf(w, "%s: %d reloads in %s at %.0f queries/s: %d of %d lost, %d of %d probes unanswered; p50 %.0f µs, p99 %.0f µs\n",
			e.name(), reloads, duration, half.rate, half.lost, half.sent, half.unanswered, half.probes, microseconds(half.p50), microseconds(half.p99))
		if half.lost > 0 || half.unanswered > 0 {
			errs = append(errs, fmt.Errorf("%s: %w", e.name(), errLost))
		}
		if least := int(duration/time.Second) - 2; reloads < least {
			errs = append(errs, fmt.Errorf("%s: %w: %d, want %d at least:\n%s", e.name(), errFew, reloads, least, e.server.Log()))
		}
	}
	return errors.Join(errs...)
}

// keepChanging replaces the server's topology every second, by renaming, with one
// that has another endpoint in addition.
func (e *entrant) keepChanging(ctx context.Context) error {
	text, err := e.names.topology()
	if err != nil {
		return err
	}
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for i := 1; ; i++ {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		next := fmt.Sprintf("%s  added-%d: %s\n", text, i, scale.Region(0))
		if err := e.replace(next); err != nil {
			return err
		}
	}
}

// replace puts another topology in the place of the server's.
func (e *entrant) replace(text string) error {
	path := filepath.Join(e.dir, topologyFile)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing a topology: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("replacing the topology: %w", err)
	}
	return nil
}
