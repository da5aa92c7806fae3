//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// machineTime is what all processors together have done since they were started.
type machineTime struct{ busy, stolen, all time.Duration }

// parseMachine reads the first line of /proc/stat (proc(5)): user, nice, system,
// idle, iowait, irq, softirq and steal. Steal is what the hypervisor gave to
// others.
func parseMachine(stat string) (machineTime, error) {
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return machineTime{}, fmt.Errorf("unexpected /proc/stat %q", line)
	}
	var times [8]time.Duration
	for i := range times {
		n, err := strconv.ParseInt(fields[i+1], 10, 64)
		if err != nil {
			return machineTime{}, fmt.Errorf("reading /proc/stat: %w", err)
		}
		times[i] = time.Duration(n) * tick
	}
	busy := times[0] + times[1] + times[2] + times[5] + times[6]
	return machineTime{busy: busy, stolen: times[7], all: busy + times[3] + times[4] + times[7]}, nil
}

// usage is what the machine has done, and how much of that for us.
type usage struct {
	machine machineTime
	ours    processorTime
}

// usage returns what was used so far: by the servers, by the dnsperfs that have
// ended, and by this process.
func (c *contest) usage() (usage, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return usage{}, fmt.Errorf("reading the machine's times: %w", err)
	}
	var u usage
	if u.machine, err = parseMachine(string(stat)); err != nil {
		return usage{}, err
	}
	for _, e := range c.entrants {
		used, err := usedBy(e.server.Group())
		if err != nil {
			return usage{}, err
		}
		u.ours = u.ours.plus(used)
	}
	var self, ended syscall.Rusage
	if err := errors.Join(syscall.Getrusage(syscall.RUSAGE_SELF, &self), syscall.Getrusage(syscall.RUSAGE_CHILDREN, &ended)); err != nil {
		return usage{}, fmt.Errorf("reading this process's times: %w", err)
	}
	for _, r := range []syscall.Rusage{self, ended} {
		u.ours = u.ours.plus(processorTime{user: time.Duration(r.Utime.Nano()), system: time.Duration(r.Stime.Nano())})
	}
	return u, nil
}

// disturbance is what else there was between two usages, as parts of the time of
// all processors. Much of it makes latencies worthless first, and then the rest.
type disturbance struct{ others, stolen float64 }

func (u usage) disturbanceSince(before usage) disturbance {
	all := float64(u.machine.all - before.machine.all)
	ours := u.ours.minus(before.ours)
	others := u.machine.busy - before.machine.busy - ours.total()
	return disturbance{
		others: max(0, float64(others)) / all,
		stolen: float64(u.machine.stolen-before.machine.stolen) / all,
	}
}

// String returns it in a sentence.
func (d disturbance) String() string {
	return fmt.Sprintf("Meanwhile other work had %.0f %% of the processors, the hypervisor %.0f %%.", 100*d.others, 100*d.stolen)
}
