package authority_test

import (
	"testing"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// TestOneRule: whoever asks for whatever is not led to another region than the
// name's own, and the region that an answer names is the name's.
func TestOneRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		table, err := authority.Compile(p.Views(), 1)
		if err != nil {
			t.Fatalf("compiling: %v", err)
		}
		checkViews(t, m, table)
		for _, v := range m.VPCs {
			view, _ := table.ViewNamed(v.Name)
			for _, name := range m.Names() {
				for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
					checkAnswer(t, m, v, table.Lookup(view, pack(t, name), qtype), name)
				}
			}
		}
	})
}

// checkViews: whoever asks has the view of the VPC that the client is in.
func checkViews(t *rapid.T, m model.Topology, table *authority.Table) {
	for _, client := range m.Askers() {
		want, in := m.VPCOf(client)
		view, found := table.ViewFor(client)
		if found != in || in && table.View(view).Name != want.Name {
			t.Fatalf("client %s has a view: %v; it is in VPC %q\n%s", client, found, want.Name, m.YAML())
		}
	}
}

func pack(t *rapid.T, name string) wire.Name {
	packed, err := wire.Pack(new([wire.MaxName]byte), name+".")
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

func checkAnswer(t *rapid.T, m model.Topology, v model.VPC, answer authority.Answer, name string) {
	for _, addr := range answer.Addrs {
		if !m.Allowed(v, name, addr) {
			t.Fatalf("VPC %s: %s leads to %s; it may be in %q\n%s", v.Name, name, addr, m.RegionsOf(name), m.YAML())
		}
	}
	if answer.Outcome == zones.NotOurs && (len(answer.Addrs) > 0 || answer.Zone != nil) {
		t.Fatalf("VPC %s: %s is not ours, and has %+v", v.Name, name, answer)
	}
}
