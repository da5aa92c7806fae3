package sheet

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor/judge"
)

// The elements of JUnit's XML, as far as CI systems read them.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Failure *junitFailure `xml:"failure,omitempty"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes the document for CI: each check is a test case, which fails with
// the findings that it led to, and so is each region's verdict.
func (d Document) WriteJUnit(w io.Writer) error {
	all := junitSuites{Name: "auralink doctor"}
	for _, n := range d.Networks {
		for _, g := range n.Groups {
			all.add(d.suite(n, g))
		}
		all.add(d.verdict(n))
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("writing JUnit: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

func (all *junitSuites) add(s junitSuite) {
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		if c.Failure != nil {
			s.Failures++
		}
	}
	all.Tests, all.Failures = all.Tests+s.Tests, all.Failures+s.Failures
	all.Suites = append(all.Suites, s)
}

// suite is a group of checks.
func (d Document) suite(n judge.Network, g judge.Group) junitSuite {
	s := junitSuite{Name: fmt.Sprintf("%s %s", n.Name, g.Kind)}
	for _, c := range g.Checks {
		test := junitCase{Name: c.Text, Class: string(g.Kind)}
		if fails(c.Sign) {
			test.Failure = &junitFailure{Message: strings.Trim(codes(c.Codes), " []"), Type: string(c.Sign), Text: d.told(n, c.Codes)}
		} else if len(c.Codes) > 0 {
			test.Out = d.told(n, c.Codes)
		}
		s.Cases = append(s.Cases, test)
	}
	return s
}

// fails reports whether a severity makes a test fail: all that make the command's
// status other than fine.
func fails(s judge.Severity) bool { return s.Worse(judge.Note) }

// told are the findings of a network that have one of the codes.
func (d Document) told(n judge.Network, codes []judge.Code) string {
	var b strings.Builder
	for _, f := range d.Findings {
		if slices.Contains(codes, f.Code) && (f.Network == "" || f.Network == n.Name) {
			fmt.Fprintf(&b, "%s: %s\n%s\nmeans: %s\ndo: %s\n", f.Severity, f.Message, strings.Join(f.Evidence, "\n"), f.Means, f.Remedy)
		}
	}
	return b.String()
}

// verdict is a case for each region, and one for the network: findings that belong to
// no check fail there.
func (d Document) verdict(n judge.Network) junitSuite {
	s := junitSuite{Name: n.Name + " verdict"}
	for _, r := range n.Regions {
		test := junitCase{Name: r.Name + " is ready to disable public traffic", Class: "verdict"}
		if !r.Ready {
			test.Failure = &junitFailure{Message: regionVerdict(r), Type: string(judge.Error), Text: d.told(n, r.Because)}
		}
		s.Cases = append(s.Cases, test)
	}
	test := junitCase{Name: "all of the network is ready to disable public traffic", Class: "verdict"}
	if !n.Ready {
		test.Failure = &junitFailure{Message: d.summary(), Type: string(judge.Error)}
	}
	s.Cases = append(s.Cases, test)
	return s
}
