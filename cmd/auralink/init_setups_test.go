package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// setup is what somebody has who starts today, and what is true of it.
type setup struct {
	args        []string // of init
	status      int      // with which init ends
	right, open int      // how many names the draft answers as is true, and not at all
	says        []string // what is in the draft, or is printed
}

// setupLine matches a line that says what is done in a set-up, or what comes of it.
var setupLine = regexp.MustCompile(`(?m)^(\$ auralink init|ends|names|says) (.*)$`)

func readSetup(t *testing.T, comment string) setup {
	t.Helper()
	var s setup
	for _, m := range setupLine.FindAllStringSubmatch(comment, -1) {
		var err error
		switch m[1] {
		case "ends":
			s.status, err = strconv.Atoi(m[2])
		case "names":
			_, err = fmt.Sscanf(m[2], "%d right, %d open", &s.right, &s.open)
		case "says":
			s.says = append(s.says, m[2])
		default:
			s.args = strings.Fields(m[2])
		}
		if err != nil {
			t.Fatalf("%q: %v", m[0], err)
		}
	}
	return s
}

// TestSetups: of what people have who start today, in no set-up does the draft answer any
// client with an address that is not the name's own. What it does not know it does not
// answer, and says so.
func TestSetups(t *testing.T) {
	paths, err := filepath.Glob("testdata/setups/*.txtar")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d set-ups, error %v", len(paths), err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := txtar.Write(archive, "."); err != nil {
				t.Fatal(err)
			}
			trySetup(t, readSetup(t, string(archive.Comment)))
		})
	}
}

func trySetup(t *testing.T, s setup) {
	t.Helper()
	status, printed := runLine(append([]string{"init", "draft.yaml"}, s.args...)...)
	text, err := os.ReadFile("draft.yaml")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if status != s.status {
		t.Errorf("init ends with %d, and not with %d", status, s.status)
	}
	flat := regexp.MustCompile(`\n\s*# `).ReplaceAllString(string(text), " ") + printed
	for _, says := range s.says {
		if !strings.Contains(flat, says) {
			t.Errorf("nothing says %q", says)
		}
	}
	right, open := 0, 0
	for _, q := range questionsOf(t, planIn(t, "truth.yaml")) {
		got, known := q.in(t, planOfDraft(t, text))
		switch {
		case !known || len(got) == 0:
			open++
		case len(q.want) > 0 && !slices.ContainsFunc(got, func(a netip.Addr) bool { return !slices.Contains(q.want, a) }):
			right++
		default:
			t.Errorf("%s is answered %v to %s, and has %v", q.name, got, q.client, q.want)
		}
	}
	if right != s.right || open != s.open {
		t.Errorf("names %d right, %d open", right, open)
	}
	if t.Failed() {
		t.Logf("init printed\n%s\nand wrote\n%s", printed, text)
	}
}

// planOfDraft returns the plan of a draft, or nil where it cannot be planned.
func planOfDraft(t *testing.T, text []byte) *plan.Plan {
	t.Helper()
	p, _, err := plan.Read(bytes.NewReader(text))
	var invalid *topology.InvalidError
	if err != nil && !errors.As(err, &invalid) {
		t.Fatal(err)
	}
	return p
}

func planIn(t *testing.T, path string) *plan.Plan {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p, _, err := plan.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// asked is a name that a client asks for, with the addresses that it has in truth.
type asked struct {
	client netip.Addr
	name   string
	want   []netip.Addr
}

// in returns the addresses that a plan answers, and whether the client is in a VPC.
func (a asked) in(t *testing.T, p *plan.Plan) (addrs []netip.Addr, known bool) {
	t.Helper()
	if p == nil {
		return nil, false
	}
	vpc, known := vpcOf(p, a.client)
	if !known {
		return nil, false
	}
	set := holdings.FromView(vpc.View)
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
		if answer := set.Resolve(a.name, qtype); answer.Outcome == zones.Positive {
			addrs = append(addrs, answer.Addrs...)
		}
	}
	return addrs, true
}

// questionsOf returns what clients of each range of a true topology ask for: each name that
// there is, and one that nobody has.
func questionsOf(t *testing.T, truth *plan.Plan) []asked {
	t.Helper()
	names := []string{"nobody-has-this." + topology.EndpointsOrigin}
	for _, r := range truth.Regions {
		for _, host := range r.Orchestras {
			names = append(names, host, "abcd1234."+host)
		}
		for _, name := range r.ExtraNames {
			names = append(names, strings.Replace(dnsname.Absolute(name), "*", "abcd1234", 1))
		}
	}
	for _, e := range truth.Table.Endpoints {
		for _, prefix := range append([]string{""}, topology.Prefixes[:]...) {
			names = append(names, prefix+e.Label+"."+topology.EndpointsOrigin)
		}
	}
	var all []asked
	for _, v := range truth.VPCs {
		for _, r := range v.View.Clients {
			for _, name := range names {
				q := asked{client: r.Addr().Next(), name: name}
				q.want, _ = q.in(t, truth)
				all = append(all, q)
			}
		}
	}
	return all
}
