//go:build linux

package aura_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor/judge"
	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/standin"
)

var update = flag.Bool("update", false, "write the goldens")

// scenario is something that is wrong in the lab, for real, and the codes of what the
// doctor must find, on the machine in the VPC: these, and no others.
type scenario struct {
	what string
	// cause makes it wrong; nil for nothing.
	cause func(t *testing.T, s *scene)
	want  []judge.Code
	// short says that it is tried in every run, and not only in those that take long.
	short bool
}

// scene is a lab before the doctor comes.
type scene struct {
	*lab.World
	topology string   // what the doctor is given
	served   string   // the topology of our server; as above if empty
	ours     bool     // our server is the VPC's DNS
	args     []string // further arguments, of which the later win
	env      []string
	password string
	anonymous,
	withoutDatabases bool
}

// report is what is looked at in the doctor's verdict.
type report struct {
	Ready    bool `json:"ready"`
	Findings []struct {
		Severity string     `json:"severity"`
		Code     judge.Code `json:"code"`
		Message  string     `json:"message"`
	} `json:"findings"`
}

// found reports whether there is a finding with a code.
func (r report) found(code judge.Code) bool {
	for _, f := range r.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

// policy allows the pages of the console to connect to private addresses.
const policy = `{"LocalNetworkAccessAllowedForUrls": ["https://browser.neo4j.io", "https://bloom.neo4j.io", "https://console.neo4j.io"]}` + "\n"

// policyFile is where Debian's Chromium reads it, below /etc.
const policyFile = "chromium/policies/managed/aura.json"

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{World: newWorld(t, lab.Options{}), topology: lab.Topology, ours: true, password: standin.Password}
	must(t, lab.App.WriteEtc(policyFile, policy))
	return s
}

// privates has the private endpoints of both regions behave in a way.
func (s *scene) privates(b standin.Behaviour) {
	for _, site := range []*lab.Site{s.East, s.West} {
		for _, ingress := range site.Private {
			ingress.Behave(b)
		}
	}
}

// examine has the doctor look, and returns its verdict.
func (s *scene) examine(t *testing.T, args ...string) (report, lab.Result) {
	t.Helper()
	result := s.doctor(t, append([]string{"-o", "json"}, args...)...)
	var r report
	if err := json.Unmarshal([]byte(result.Stdout), &r); err != nil {
		t.Fatalf("the doctor: %v\n%+v", err, result)
	}
	return r, result
}

// doctor runs "auralink doctor" on the machine in the VPC.
func (s *scene) doctor(t *testing.T, args ...string) lab.Result {
	t.Helper()
	all := []string{"doctor", "doctor.yaml", "--timeout", "100s", "--attempt-timeout", "10s"}
	must(t, os.WriteFile(filepath.Join(s.Dir, "doctor.yaml"), []byte(s.topology), 0o644))
	if !s.withoutDatabases {
		all = append(all, "--database", eastPrivateURI, "--database", westPrivateURI)
	}
	if !s.anonymous {
		must(t, os.WriteFile(filepath.Join(s.Dir, "password"), []byte(s.password+"\n"), 0o600))
		all = append(all, "--password-file", "password")
	}
	cmd := s.Command(lab.App, append(append(all, s.args...), args...)...)
	cmd.Env = append(os.Environ(), s.env...)
	result := lab.Run(cmd)
	if strings.Contains(result.Stdout+result.Stderr, s.password) {
		t.Error("the doctor prints the password")
	}
	return result
}

// serve starts our server on the VPC's DNS host.
func (s *scene) serve(t *testing.T) {
	t.Helper()
	topology := s.served
	if topology == "" {
		topology = s.topology
	}
	_, err := s.StartServer(lab.DNS, topology, lab.Corefile)
	must(t, err)
}

// always is found in every lab: crypto/tls, which the stand-in has, knows no DHE. That a
// driver gets no routing table is the consequence of much else, and by chance where one
// address of several is at fault: it is looked at where it is wanted.
const always = judge.CodeShortList

// TestScenarios: for each thing that goes wrong in the lab, for real, the doctor finds
// what is wrong and nothing else; what it says is in the golden.
func TestScenarios(t *testing.T) {
	for _, sc := range scenarios() {
		t.Run(strings.ReplaceAll(sc.what, " ", "-"), func(t *testing.T) {
			if !sc.short {
				long(t)
			}
			s := newScene(t)
			if sc.cause != nil {
				sc.cause(t, s)
			}
			if s.ours {
				s.serve(t)
			}
			got, result := s.examine(t)
			found := make([]judge.Code, 0, len(got.Findings))
			var said strings.Builder
			fmt.Fprintf(&said, "ready %t\n", got.Ready)
			for _, f := range got.Findings {
				if f.Code == always || f.Code == judge.CodeNoRoutingTable && !slices.Contains(sc.want, f.Code) {
					continue
				}
				found = append(found, f.Code)
				fmt.Fprintf(&said, "%s [%s] %s\n", f.Severity, f.Code, f.Message)
			}
			slices.Sort(found)
			found = slices.Compact(found) // a finding may be there for each region
			want := slices.Compact(slices.Sorted(slices.Values(sc.want)))
			if diff := cmp.Diff(want, found); diff != "" && len(want)+len(found) > 0 {
				t.Errorf("status %d (-want +found):\n%s\n%s%s", result.Status, diff, said.String(), result.Stderr)
			}
			golden(t, filepath.Join("testdata", "doctor", strings.ReplaceAll(sc.what, " ", "-")+".golden"), steady(said.String()))
		})
	}
}

// madeUp is the label of a name that the doctor makes up, and notMade the kinds of
// probes for which there was no time, which are more on a busy machine.
var (
	madeUp  = regexp.MustCompile(`auralink-[a-z2-7]{16}\.`)
	notMade = regexp.MustCompile(`probes of [a-z, ]+ could not be made`)
)

// steady returns what is the same whenever a scenario is run.
func steady(said string) string {
	return notMade.ReplaceAllString(madeUp.ReplaceAllString(said, "MADE-UP."), "probes of KINDS could not be made")
}

// golden holds a text against a file, or writes the file.
func golden(t *testing.T, path, text string) {
	t.Helper()
	if *update {
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(text), 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// unscened are the codes without a scenario in the lab, and why.
var unscened = map[judge.Code]string{
	always: "every scenario has it, since crypto/tls has no DHE",
}

// TestEveryCodeHasItsScenario: each finding that the doctor knows is caused for real.
func TestEveryCodeHasItsScenario(t *testing.T) {
	caused := make(map[judge.Code]bool)
	for _, sc := range scenarios() {
		for _, code := range sc.want {
			caused[code] = true
		}
	}
	for _, entry := range judge.Codes() {
		why, excused := unscened[entry.Code]
		switch {
		case !caused[entry.Code] && !excused:
			t.Errorf("no scenario leads to %s", entry.Code)
		case caused[entry.Code] && excused:
			t.Errorf("%s is excused (%s) and has a scenario", entry.Code, why)
		}
	}
}
