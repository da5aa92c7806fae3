package auralink

import (
	"fmt"
	"strconv"
	"time"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/wire"
)

// fastOptions are what the fast path is told of us.
func (a *Auralink) fastOptions() corefast.Options {
	return corefast.Options{
		Plugin:  pluginName,
		Sockets: corefast.DefaultSockets(),
		Serve:   &a.options,
		Served:  a.served.Load,
		Fall:    &a.Fall,
		Parked:  &a.parked,
		Due: func(zone *authority.Zone, name wire.Name, now time.Time) bool {
			return a.undeclared.due(zone, name, now.Sub(began))
		},
		Explanations: &a.explanations,
		Log:          log,
	}
}

// parseFastPath reads the number of sockets, or off.
func (a *Auralink) parseFastPath(args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case len(args) > 1:
		return fmt.Errorf("fastpath takes a number of sockets or off, got %q", args)
	case args[0] == "off":
		a.fast.Sockets = 0
		return nil
	}
	sockets, err := strconv.Atoi(args[0])
	if err != nil || sockets < 1 || sockets > fastpath.MaxSockets {
		return fmt.Errorf("fastpath takes 1 to %d sockets or off, got %q", fastpath.MaxSockets, args[0])
	}
	a.fast.Sockets = sockets
	return nil
}
