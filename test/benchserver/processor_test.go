//go:build linux

package main

import (
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	const stat = "4711 (a) name (x) S 1 42 3 4 5 6 7 8 9 10 250 75 30 5 20 0 8 0 100 0 0\n"
	group, got, err := parseStat(stat)
	want := processorTime{user: 2800 * time.Millisecond, system: 800 * time.Millisecond}
	if err != nil || got != want || group != 42 {
		t.Errorf("group %d, %+v, %v; want 42, %+v", group, got, err, want)
	}
	for _, stat := range []string{"", "4711 (name) S 1 2", "4711 (name) S 1 2 3 4 5 6 7 8 9 10 x 75 0 0 0"} {
		if _, got, err := parseStat(stat); err == nil {
			t.Errorf("%q: %+v, want an error", stat, got)
		}
	}
}

// What a server's children use counts, whether they run or have ended.
func TestUsedBy(t *testing.T) {
	const work = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done" // more than a tick
	cmd := exec.Command("sh", "-c", "sh -c '"+work+"'; sh -c '"+work+"; echo done; read forever' ; :")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	used, err := usedBy(cmd.Process.Pid)
	if err != nil || used.user+used.system < 4*tick {
		t.Errorf("used %+v, %v; want what two loops take", used, err)
	}
	_ = in.Close() // ends it
	_ = cmd.Wait() // its status is that of read
	if used, err := usedBy(cmd.Process.Pid); err == nil {
		t.Errorf("after its end: %+v, want an error", used)
	}
}

// What a process uses is known to less than a tick.
func TestExactly(t *testing.T) {
	cmd := exec.Command("sh", "-c", "echo done; read forever")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	used, err := usedBy(cmd.Process.Pid)
	if err != nil || used.total() == 0 || used.exact%tick == 0 {
		t.Errorf("used %+v, %v; want some part of a tick", used, err)
	}
	_ = in.Close()
	_ = cmd.Wait()
}

func TestByMode(t *testing.T) {
	for _, tt := range []struct{ used, want processorTime }{
		{processorTime{}, processorTime{}},
		{processorTime{exact: 4 * time.Millisecond}, processorTime{user: 2 * time.Millisecond, system: 2 * time.Millisecond}},
		{processorTime{user: 3 * tick, system: tick, exact: 48 * time.Millisecond}, processorTime{user: 36 * time.Millisecond, system: 12 * time.Millisecond}},
		{processorTime{user: 3 * tick, system: tick, exact: tick}, processorTime{user: 3 * tick, system: tick}},
	} {
		if user, system := tt.used.byMode(); user != tt.want.user || system != tt.want.system {
			t.Errorf("%+v: user %v, system %v", tt.used, user, system)
		}
	}
}

func TestTiedTo(t *testing.T) {
	through := tiedTo(serverCPU)
	if through == nil {
		t.Skip("there is no taskset or one processor")
	}
	args := append(through[1:], "sh", "-c", "taskset -p -c $$")
	out, err := exec.Command(through[0], args...).CombinedOutput()
	if want := ": " + strconv.Itoa(serverCPU) + "\n"; err != nil || string(out[len(out)-len(want):]) != want {
		t.Errorf("tied to %q, %v", out, err)
	}
}

// What a process has is read from its files in /proc.
func TestFootprint(t *testing.T) {
	group := syscall.Getpgrp()
	before, err := switchesOf(group)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Millisecond) // gives the processor up
	if after, err := switchesOf(group); err != nil || after <= before {
		t.Errorf("%d switches, then %d, %v; want more", before, after, err)
	}
	if kib, err := memoryOf(group); err != nil || kib < 1024 {
		t.Errorf("%d KiB, %v; want what a Go program takes at least", kib, err)
	}
}
