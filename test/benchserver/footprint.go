//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// switchesOf returns how often the threads of a group's processes have given up or
// lost their processor so far.
func switchesOf(group int) (int, error) {
	return sumOf(group, "task/[0-9]*/status", "voluntary_ctxt_switches", "nonvoluntary_ctxt_switches")
}

// memoryOf returns the memory of a group's processes in KiB: what several share is
// divided among them (PSS, proc_pid_smaps(5)).
func memoryOf(group int) (int, error) { return sumOf(group, "smaps_rollup", "Pss") }

// sumOf adds up numbers from files that each process of a group has in /proc, in
// which a line is "key: number".
func sumOf(group int, pattern string, keys ...string) (sum int, err error) {
	all, err := membersOf(group)
	if err != nil {
		return 0, err
	}
	for _, one := range all {
		paths, err := filepath.Glob(filepath.Join(one.dir, pattern))
		if err != nil {
			return 0, err
		}
		for _, path := range paths {
			n, err := sumIn(path, keys)
			if err != nil {
				return 0, err
			}
			sum += n
		}
	}
	return sum, nil
}

// sumIn adds up the numbers of one file; 0 if its process or thread has ended.
func sumIn(path string, keys []string) (sum int, err error) {
	text, err := os.ReadFile(path)
	if hasEnded(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading a process's state: %w", err)
	}
	for _, key := range keys {
		n, err := strconv.Atoi(numberIn(string(text), key))
		if err != nil {
			return 0, fmt.Errorf("reading %s in %s: %w", key, path, err)
		}
		sum += n
	}
	return sum, nil
}

// numberIn returns the first word behind a key at the start of a line, "" if there
// is none.
func numberIn(text, key string) string {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, key+":"); ok && strings.TrimSpace(rest) != "" {
			return strings.Fields(rest)[0]
		}
	}
	return ""
}
