package judge_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/doctortest"
	"github.com/auralink/auralink/internal/doctor/judge"
)

// lookOf is a look at a network in which something was changed from one where all is
// well, by who watches: TLS and sessions are left out.
func lookOf(changes ...func(*doctor.Record)) doctor.Record {
	r := doctortest.Well()
	r.Asked.Only = []doctor.Kind{doctor.KindMachine, doctor.KindPath, doctor.KindResolve, doctor.KindControl, doctor.KindTCP}
	without(func(e doctor.Evidence) bool { return !r.Asked.Wants(e.Kind) })(r)
	and(changes...)(r)
	return *r
}

// TestCourse: what is told of each look after the first, and nothing where nothing
// changes.
func TestCourse(t *testing.T) {
	public := func(region string) func(*doctor.Record) { return answer(inRegion(region), "", leadTo("34.9.9.9")) }
	publicAtB := answer(inRegion("east"), doctortest.ServerB, leadTo("34.9.9.9"))
	silent := answer(all, doctortest.ServerB, func(_ doctor.Name, r *doctor.Resolution) {
		for i := range r.Answers {
			r.Answers[i] = doctor.Answer{Type: r.Answers[i].Type, Outcome: doctor.TimedOut}
		}
	})
	mute := answer(all, "", func(_ doctor.Name, r *doctor.Resolution) {
		for i := range r.Answers {
			r.Answers[i] = doctor.Answer{Type: r.Answers[i].Type, Outcome: doctor.TimedOut}
		}
	})
	open := func(r *doctor.Record) {
		r.Asked.ExpectPrivate = true
		r.Evidence = append(r.Evidence, doctor.Evidence{Kind: doctor.KindHTTPS, HTTPS: &doctor.HTTPS{
			Spot: doctor.Spot{Addr: addr("34.9.9.9"), Port: 443, Name: doctortest.DatabaseEast}, Public: true, Outcome: doctor.Connected, Status: 200,
			Discovery: &doctor.Discovery{BoltRouting: "neo4j+s://" + doctortest.DatabaseEast + ":7687"},
		}})
	}
	off := func(r *doctor.Record) {
		open(r)
		h := r.Evidence[len(r.Evidence)-1].HTTPS
		h.Outcome, h.Status, h.Discovery = doctor.Reset, 0, nil
	}
	dropped := connects("10.20.10.10", 7687, doctor.TimedOut)
	tests := []struct {
		name  string
		looks []doctor.Record
		want  []string // of each look after the first
	}{
		{"nothing", []doctor.Record{lookOf(), lookOf(), lookOf()}, []string{"", ""}},
		{"a fault that stays", []doctor.Record{lookOf(dropped), lookOf(dropped)}, []string{""}},
		{"a cut-over", []doctor.Record{lookOf(public("east")), lookOf(public("east")), lookOf()}, []string{
			"", "fine [east] east became private; ",
		}},
		{"a cut-over of both", []doctor.Record{lookOf(public("east"), public("west")), lookOf()}, []string{
			"fine [east] east became private; fine [west] west became private; ",
		}},
		{"a cut-over of one region after the other", []doctor.Record{lookOf(public("east"), public("west")), lookOf(public("west")), lookOf()}, []string{
			"fine [east] east became private; ", "fine [west] west became private; ",
		}},
		{"a cut-over of one name server after the other", []doctor.Record{lookOf(public("east")), lookOf(publicAtB), lookOf()}, []string{
			"error [east] now: name servers disagree: at 10.0.0.3:53 8 names of east lead to public addresses [servers-disagree]; ",
			"fine [east] east became private; ",
		}},
		{"and back", []doctor.Record{lookOf(), lookOf(public("east")), lookOf()}, []string{
			"error [east] 8 names of east lead to public addresses [leaks]; ", "fine [east] east became private; ",
		}},
		{"a cut-over to where nobody answers", []doctor.Record{lookOf(public("west")), lookOf(dropped), lookOf()}, []string{
			"error [west] west: TCP to 10.20.10.10, 1 of the link's 2 addresses, gets no answer on port 7687 [port-dropped]; " +
				"fine [west] no more: 14 names of west lead to public addresses [leaks]; ",
			"fine [west] west became private; ",
		}},
		{"a fault that was not public", []doctor.Record{lookOf(dropped), lookOf()}, []string{"fine [west] west is well again; "}},
		{"a fault that grows", []doctor.Record{lookOf(dropped), lookOf(connects("", 7687, doctor.TimedOut))}, []string{
			"error [east west] now: east, west: TCP to port 7687 gets no answer, at every address of their links (10.10.10.10, 10.20.10.10, 10.20.11.10) [port-dropped]; ",
		}},
		{"what is in the way of the whole network", []doctor.Record{lookOf(silent), lookOf()}, []string{
			"fine [] no more: 10.0.0.3:53 answers no question at all [server-silent]; ",
		}},
		{"a cut-over, and then public traffic is off", []doctor.Record{lookOf(public("east"), open), lookOf(open), lookOf(off), lookOf(off)}, []string{
			"fine [east] east became private; ",
			"fine [] no more: " + doctortest.DatabaseEast + " can still be used by public addresses [public-open]; ", "",
		}},
		{"no name server answers any more", []doctor.Record{lookOf(public("east")), lookOf(mute)}, []string{
			"error [] 10.0.0.2:53 answers no question at all [server-silent]; error [] 10.0.0.3:53 answers no question at all [server-silent]; ",
		}},
		{"a name server that falls silent is not private", []doctor.Record{lookOf(public("east")), lookOf(public("east"), silent)}, []string{
			"error [] 10.0.0.3:53 answers no question at all [server-silent]; ",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			course := judge.NewCourse(tt.looks[0])
			var got []string
			for _, look := range tt.looks[1:] {
				said := ""
				for _, c := range course.Next(look) {
					said += fmt.Sprintf("%s %v %s; ", c.Severity, c.Regions, c.Text)
				}
				got = append(got, said)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
