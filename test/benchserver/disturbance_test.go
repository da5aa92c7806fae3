//go:build linux

package main

import (
	"testing"
	"time"
)

func TestDisturbance(t *testing.T) {
	var read []machineTime
	for _, stat := range []string{
		"cpu  100 0 50 1000 5 1 4 10 0 0\ncpu0 1 2 3\n",
		"cpu  400 0 150 1500 5 1 4 110 0 0\ncpu0 1 2 3\n", // 400 ticks busy, 500 idle, 100 stolen
	} {
		m, err := parseMachine(stat)
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, m)
	}
	before := usage{machine: read[0], ours: processorTime{user: time.Second}}
	after := usage{machine: read[1], ours: processorTime{user: 2 * time.Second, system: time.Second}} // 200 ticks
	want := "Meanwhile other work had 20 % of the processors, the hypervisor 10 %."
	if got := after.disturbanceSince(before).String(); got != want {
		t.Errorf("%s want %s", got, want)
	}
	for _, stat := range []string{"", "intr 1 2 3 4 5 6 7 8 9", "cpu  1 2 3 4 5 6 7 x"} {
		if m, err := parseMachine(stat); err == nil {
			t.Errorf("%q: %+v, want an error", stat, m)
		}
	}
}
