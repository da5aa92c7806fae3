//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The processors that the servers and those who ask are tied to, where taskset is
// there to do it and there are two.
const (
	serverCPU = 0
	clientCPU = 1
)

// tiedTo returns the command that becomes the one behind it, tied to a processor;
// nothing where that cannot be had.
func tiedTo(cpu int) []string {
	taskset, err := exec.LookPath("taskset")
	if err != nil || runtime.NumCPU() < 2 {
		return nil
	}
	return []string{taskset, "-c", strconv.Itoa(cpu)}
}

// command returns a command that is tied to a processor, where that can be had,
// gets SIGTERM when ctx ends, and does not outlive this process.
func command(ctx context.Context, cpu int, name string, args ...string) *exec.Cmd {
	all := append(append(tiedTo(cpu), name), args...)
	cmd := exec.CommandContext(ctx, all[0], all[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// processorTime is what processes have used: in ticks, by mode, and exactly, which
// leaves out threads and children that have ended.
type processorTime struct{ user, system, exact time.Duration }

func (t processorTime) plus(other processorTime) processorTime {
	return processorTime{t.user + other.user, t.system + other.system, t.exact + other.exact}
}

func (t processorTime) minus(other processorTime) processorTime {
	return processorTime{t.user - other.user, t.system - other.system, t.exact - other.exact}
}

// total returns all of it, to less than a tick where that can be had.
func (t processorTime) total() time.Duration { return max(t.user+t.system, t.exact) }

// byMode returns the total by mode, as the ticks are; below a tick, half and half.
func (t processorTime) byMode() (user, system time.Duration) {
	part := 0.5
	if ticks := t.user + t.system; ticks > 0 {
		part = float64(t.user) / float64(ticks)
	}
	user = time.Duration(part * float64(t.total()))
	return user, t.total() - user
}

// usedBy returns what the processes of a group have used so far: all their
// threads, and their children that have ended.
func usedBy(group int) (processorTime, error) {
	all, err := membersOf(group)
	if err != nil {
		return processorTime{}, err
	}
	var used processorTime
	for _, one := range all {
		if one.used.exact, err = exactly(one.dir); err != nil {
			return processorTime{}, err
		}
		used = used.plus(one.used)
	}
	return used, nil
}

// member is a process of a group: its directory in /proc, and what it has used by
// mode.
type member struct {
	dir  string
	used processorTime
}

// membersOf returns the processes of a group, of which there is at least one.
func membersOf(group int) (all []member, err error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if hasEnded(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading a process's times: %w", err)
		}
		of, used, err := parseStat(string(text))
		if err != nil {
			return nil, err
		}
		if of == group {
			all = append(all, member{dir: filepath.Dir(path), used: used})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("the process group %d has ended", group)
	}
	return all, nil
}

// hasEnded reports whether an error from /proc means that the process or thread is
// no more.
func hasEnded(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH)
}

// exactly returns what the threads of a process have used, in nanoseconds: the first
// field of /proc/PID/task/TID/schedstat. It is 0 where the kernel has no such file.
func exactly(process string) (used time.Duration, err error) {
	threads, err := filepath.Glob(process + "/task/[0-9]*/schedstat")
	if err != nil {
		return 0, err
	}
	for _, path := range threads {
		text, err := os.ReadFile(path)
		if hasEnded(err) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("reading a thread's time: %w", err)
		}
		first, _, _ := strings.Cut(string(text), " ")
		nanoseconds, err := strconv.ParseInt(first, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("reading %s: %w", path, err)
		}
		used += time.Duration(nanoseconds)
	}
	return used, nil
}

// tick is the unit of processor times in /proc: USER_HZ is 100 on every
// architecture that Go runs on.
const tick = 10 * time.Millisecond

// parseStat reads from /proc/PID/stat the process group, the 5th field, and the
// times of the process and of its children that were waited for, the 14th to the
// 17th (proc(5)). The second field, the command's name, is in parentheses and may
// have any others.
func parseStat(stat string) (group int, used processorTime, err error) {
	const state, pgrp, utime, stime, cutime, cstime = 3, 5, 14, 15, 16, 17
	rest := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(rest) <= cstime-state {
		return 0, processorTime{}, fmt.Errorf("unexpected /proc/PID/stat %q", stat)
	}
	var n [cstime + 1]int64
	for _, field := range []int{pgrp, utime, stime, cutime, cstime} {
		n[field], err = strconv.ParseInt(rest[field-state], 10, 64)
		if err != nil {
			return 0, processorTime{}, fmt.Errorf("reading /proc/PID/stat: %w", err)
		}
	}
	return int(n[pgrp]), processorTime{
		user:   time.Duration(n[utime]+n[cutime]) * tick,
		system: time.Duration(n[stime]+n[cstime]) * tick,
	}, nil
}
