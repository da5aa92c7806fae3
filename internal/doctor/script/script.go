// Package script writes the checks of Aura's documentation (nslookup, curl, nc and
// Test-NetConnection) for all names and addresses of a subject, each with what is
// expected beside it: for machines to which no binary may be copied.
//
// A script proves less than the doctor: how names lead, that ports can be connected to
// and that HTTPS answers. It is pure.
package script

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/doctor"
)

// Shell is what a script is for.
type Shell string

// The shells.
const (
	Sh         Shell = "sh" // POSIX, and so dash, busybox and bash
	PowerShell Shell = "powershell"
)

// Names returns the names of all shells.
func Names() []string { return []string{string(Sh), string(PowerShell)} }

//go:embed head.sh
var headSh string

//go:embed tail.sh
var tailSh string

//go:embed head.ps1
var headPowerShell string

//go:embed tail.ps1
var tailPowerShell string

// language is how the checks are called in a shell.
type language struct {
	head, tail, section string
	call                func(function string, args ...string) string
}

var languages = map[Shell]language{
	Sh: {headSh, tailSh, "\n# %s\n", func(function string, args ...string) string {
		return function + " " + strings.Join(args, " ")
	}},
	PowerShell: {headPowerShell, tailPowerShell, "\n# %s\n", func(function string, args ...string) string {
		names := map[string]string{
			"leads": "Test-Leads", "avoids": "Test-Avoids", "stays_public": "Test-StaysPublic", "connects": "Test-Connects", "answers": "Test-Answers",
		}
		quoted := make([]string, len(args))
		for i, arg := range args {
			quoted[i] = "'" + arg + "'"
		}
		return names[function] + " " + strings.Join(quoted, " ")
	}},
}

// Write writes the script for a shell, which is one of [Names].
func Write(w io.Writer, shell Shell, s *doctor.Subject, a *doctor.Asked) error {
	l, known := languages[shell]
	if !known {
		return fmt.Errorf("unknown shell %q", shell)
	}
	b := bufio.NewWriter(w)
	fmt.Fprint(b, strings.Replace(l.head, "SUBJECT", subjectOf(s), 1))
	links := linkAddrs(s)
	for _, kind := range []struct {
		title  string
		expect doctor.Expect
		check  func(doctor.Name) string
	}{
		{"Names that must lead to the link of their region, and nowhere else.", doctor.ExpectLink, func(n doctor.Name) string {
			link, _ := s.Link(n.Region)
			return l.call("leads", slices.Concat([]string{n.Name}, texts(link.Addrs))...)
		}},
		{"Names that must not lead to any link.", doctor.ExpectNoLink, func(n doctor.Name) string {
			return l.call("avoids", slices.Concat([]string{n.Name}, links)...)
		}},
		{"Names that must stay public.", doctor.ExpectPublic, func(n doctor.Name) string {
			return l.call("stays_public", slices.Concat([]string{n.Name}, links)...)
		}},
	} {
		section(b, l, kind.title)
		for _, n := range s.Names {
			if n.Expect == kind.expect && n.Name != auraname.Host { // has no address in every case: nslookup proves nothing
				fmt.Fprintf(b, "%s\n", kind.check(n))
			}
		}
	}
	writeConnects(b, l, s, a)
	fmt.Fprint(b, l.tail)
	return b.Flush()
}

func section(b *bufio.Writer, l language, title string) { fmt.Fprintf(b, l.section, title) }

// writeConnects writes the checks of ports and of HTTPS.
func writeConnects(b *bufio.Writer, l language, s *doctor.Subject, a *doctor.Asked) {
	section(b, l, "Addresses and ports that must be open.")
	for _, link := range s.Links {
		for _, addr := range link.Addrs {
			for _, port := range a.Ports {
				fmt.Fprintf(b, "%s\n", l.call("connects", addr.String(), fmt.Sprint(port), link.Region))
			}
		}
	}
	if !a.WantsPort(doctor.PortHTTPS) {
		return
	}
	section(b, l, "Names that must answer HTTPS: any status will do.")
	for _, n := range s.Names {
		if n.IsBase() && n.Role != doctor.RoleMadeUp && !n.Guessed {
			fmt.Fprintf(b, "%s\n", l.call("answers", n.Name))
		}
	}
}

// subjectOf says what the script is for, in words.
func subjectOf(s *doctor.Subject) string {
	if s.VPC == "" {
		return "the name " + s.Names[0].Name
	}
	return "VPC " + s.VPC
}

// linkAddrs are the addresses of all links.
func linkAddrs(s *doctor.Subject) []string {
	var all []string
	for _, link := range s.Links {
		all = append(all, texts(link.Addrs)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func texts(addrs []netip.Addr) []string {
	words := make([]string, len(addrs))
	for i, addr := range addrs {
		words[i] = addr.String()
	}
	return words
}
