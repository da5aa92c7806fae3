package auralink

import (
	"context"
	"testing"

	"github.com/coredns/coredns/plugin/pkg/dnstest"
	"github.com/coredns/coredns/plugin/test"
	"github.com/miekg/dns"
)

// twoVPCs has a VPC for 10.240.0.1, which is whom a recorder is, and one for others.
const twoVPCs = `regions: {east: {orchestras: ["0000"]}}
vpcs:
  apps: {clients: [10.240.0.0/16], links: {east: [10.0.0.1]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.0.0.2]}}
`

func TestInCH(t *testing.T) {
	tests := []struct {
		name     string
		question dns.Question
		remote   string
		passes   bool
		rcode    int
		done     bool
		text     string
	}{
		{name: "a client", question: dns.Question{Name: viewName, Qtype: dns.TypeTXT, Qclass: dns.ClassCHAOS}, done: true, text: "auralink view apps"},
		{name: "in other letters", question: dns.Question{Name: "VIEW.auralink.neo4j.io.", Qtype: dns.TypeTXT, Qclass: dns.ClassCHAOS}, done: true, text: "auralink view apps"},
		{name: "a client of another VPC", remote: "10.1.2.3", question: dns.Question{Name: viewName, Qtype: dns.TypeTXT, Qclass: dns.ClassCHAOS}, done: true, text: "auralink view batch"},
		{name: "a stranger", remote: "192.0.2.1", question: dns.Question{Name: viewName, Qtype: dns.TypeTXT, Qclass: dns.ClassCHAOS}, done: true, rcode: dns.RcodeRefused},
		{name: "another type", question: dns.Question{Name: viewName, Qtype: dns.TypeA, Qclass: dns.ClassCHAOS}, done: true, rcode: dns.RcodeRefused},
		{name: "another name", question: dns.Question{Name: "version.bind.", Qtype: dns.TypeTXT, Qclass: dns.ClassCHAOS}, done: true, rcode: dns.RcodeRefused},
		{name: "another name, before a plugin for it", passes: true, question: dns.Question{Name: "version.bind.", Qtype: dns.TypeTXT, Qclass: dns.ClassCHAOS}, rcode: dns.RcodeRefused},
		{name: "another class", question: dns.Question{Name: "example.org.", Qtype: dns.TypeSOA, Qclass: dns.ClassANY}, done: true, rcode: dns.RcodeRefused},
		{name: "another class, before a plugin for it", passes: true, question: dns.Question{Name: "example.org.", Qtype: dns.TypeSOA, Qclass: dns.ClassANY}, rcode: dns.RcodeRefused},
		{name: "class IN", question: dns.Question{Name: viewName, Qtype: dns.TypeTXT, Qclass: dns.ClassINET}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newLoaded(t, twoVPCs)
			a.passesCH = tt.passes
			w := dnstest.NewRecorder(&test.ResponseWriter{RemoteIP: tt.remote})
			rcode, done := a.inCH(context.Background(), w, &dns.Msg{Question: []dns.Question{tt.question}})
			if rcode != tt.rcode || done != tt.done {
				t.Errorf("%s, %t, want %s, %t", dns.RcodeToString[rcode], done, dns.RcodeToString[tt.rcode], tt.done)
			}
			if text := textOf(w.Msg); text != tt.text {
				t.Errorf("%q, want %q", text, tt.text)
			}
		})
	}
}

// textOf returns the text of a reply's only record, or "".
func textOf(m *dns.Msg) string {
	if m == nil || len(m.Answer) != 1 {
		return ""
	}
	return m.Answer[0].(*dns.TXT).Txt[0]
}
