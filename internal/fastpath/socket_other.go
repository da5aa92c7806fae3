//go:build !linux

package fastpath

import (
	"errors"
	"fmt"
	"net"
)

// open fails: there is nothing here by which all packets could be given to our
// sockets where others share their address.
func open(string, filter) (conn, net.Addr, error) {
	return nil, nil, fmt.Errorf("only on Linux: %w", errors.ErrUnsupported)
}

func attach(int, filter) error { return errors.ErrUnsupported }

func anyInterface([]byte) {}

func unsteer(int) error { return errors.ErrUnsupported }

func leave(int) error { return errors.ErrUnsupported }

func probe(int) error { return errors.ErrUnsupported }
