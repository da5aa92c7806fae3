package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/spell"
)

// listedProbes returns the probes that are known before anything was asked, of all
// kinds. Those of a routing table's hosts, and of public addresses, follow from others.
func (x *examination) listedProbes() []doctor.Probe {
	asked := x.asked
	asked.Only, asked.Single, asked.Idle = nil, nil, true
	var all []doctor.Probe
	for _, stage := range probe.Stages(&x.subject, &asked, x.tools) {
		all = append(all, stage(nil)...)
	}
	return all
}

// choose has only those probes be run that --only names: groups, probes by their names,
// or by a pattern with *.
func (x *examination) choose(only []string) error {
	var listed []doctor.Probe
	for _, word := range only {
		if slices.Contains(kindNames(), word) {
			x.asked.Only = append(x.asked.Only, doctor.Kind(word))
			continue
		}
		if listed == nil {
			listed = x.listedProbes()
		}
		before := len(x.asked.Single)
		for _, p := range listed {
			s := doctor.Single{Kind: p.Kind(), Name: word}
			if doctor.Matches(word, p.Name()) && !slices.Contains(x.asked.Single, s) {
				x.asked.Single = append(x.asked.Single, s)
			}
		}
		if len(x.asked.Single) == before {
			return hint.Add(fmt.Errorf("--only %q is no group and no probe", word), nearProbes(word, listed))
		}
	}
	if slices.Contains(x.asked.Only, doctor.KindIdle) || slices.ContainsFunc(x.asked.Single, func(s doctor.Single) bool { return s.Kind == doctor.KindIdle }) {
		if !x.asked.Idle {
			return hint.Add(errors.New("--only idle without --idle"), "--idle TIME, such as --idle=10m, says how long connections are silent at most")
		}
	}
	return nil
}

// nearProbes says what may have been meant.
func nearProbes(word string, listed []doctor.Probe) string {
	names := make([]string, len(listed))
	for i, p := range listed {
		names[i] = p.Name()
	}
	line := "--only takes groups (" + kindList() + ") and the probes that --list prints; * stands for anything"
	for _, known := range [][]string{kindNames(), names} {
		if question := spell.DidYouMean(word, known); question != "" {
			return question + " " + line
		}
	}
	return line
}

// list prints the probes that would be run, each with what it proves.
func (x *examination) list() error {
	for _, p := range x.listedProbes() {
		if !x.asked.WantsProbe(p) {
			continue
		}
		if _, err := fmt.Fprintf(x.cmd.OutOrStdout(), "%s\n    %s\n", p.Name(), p.Proves()); err != nil {
			return err
		}
	}
	return nil
}
