package main

import (
	"errors"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/exportlist"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// entryExport is an export of a list, as far as it could be read.
type entryExport struct {
	*exportlist.Entry
	format  formats.Format
	vpc     *plan.VPC
	options formats.Options
	out     string
	good    bool
}

// dir returns an entry's export, or notes all that is wrong with it.
func (l *listed) dir(cmd *cobra.Command, entry *exportlist.Entry) *exportdir.Dir {
	e := &entryExport{Entry: entry, good: true, options: formats.Options{Servers: entry.Servers, Values: entry.Values}}
	base := filepath.Dir(l.file())
	e.out = filepath.Join(base, filepath.FromSlash(entry.Out))
	var err error
	e.format, err = pickFormat(entry.Format)
	l.note(e, "format", err)
	e.vpc, err = pickVPC(l.wanted.plan, entry.VPC)
	l.note(e, "vpc", err)
	if entry.Shape != "" {
		if e.options.Shape, err = zones.ParseShape(entry.Shape); err != nil {
			l.note(e, "shape", hint.Add(err, among("--shape", entry.Shape, shapeNames())))
		}
	}
	l.note(e, "out", stayBelow(base, e.out))
	l.note(e, "set", nil)
	l.note(e, "server", nil)
	if missing := (*formats.MissingError)(nil); !e.good && errors.As(e.format.Lacks(e.options), &missing) {
		l.lacks(e, missing)
	}
	if !e.good {
		return nil
	}
	return l.goodDir(cmd, e)
}

// goodDir is dir of an entry with which nothing is wrong by itself.
func (l *listed) goodDir(cmd *cobra.Command, e *entryExport) *exportdir.Dir {
	flags := l.flags
	flags.out = e.out
	dir, err := flags.dirOf(cmd, e.format, e.options, l.wanted.plan, e.vpc)
	if missing := (*formats.MissingError)(nil); errors.As(err, &missing) {
		l.lacks(e, missing)
		return nil
	}
	if unknown := (*formats.UnknownParameterError)(nil); errors.As(err, &unknown) {
		l.add(e.AtName(unknown.Name), e, err)
		return nil
	}
	if l.note(e, blamed(err), err); !e.good {
		return nil
	}
	dir.Now.List, err = exportdir.ListFrom(dir.Path, l.file())
	l.note(e, "out", err)
	return dir
}

// lacks notes what an entry does not say, but for what was said of it already.
func (l *listed) lacks(e *entryExport, missing *formats.MissingError) {
	rest := formats.MissingError{Format: missing.Format, Servers: missing.Servers && !e.Told("server")}
	for _, p := range missing.Parameters {
		if !e.Told(exportlist.KeyOf(p.Name)) {
			rest.Parameters = append(rest.Parameters, p)
		}
	}
	e.good = false
	if rest.Servers || len(rest.Parameters) > 0 {
		l.add(e.Place, e, hint.Add(&rest, missingFlags(&rest)))
	}
}

// parameterSaid finds of which parameter an error tells.
var parameterSaid = regexp.MustCompile(`^parameter ([\w-]+): `)

// blamed returns the key of whose value an error tells; else "".
func blamed(err error) string {
	var refusal *formats.Refusal
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal):
		if set := setFlag.FindStringSubmatch(hint.Of(err)); set != nil {
			return exportlist.KeyOf(set[1])
		}
		return ""
	case errors.Is(err, formats.ErrServer), errors.Is(err, formats.ErrNoServers):
		return "server"
	case errors.Is(err, formats.ErrShape):
		return "shape"
	}
	if said := parameterSaid.FindStringSubmatch(err.Error()); said != nil {
		return exportlist.KeyOf(said[1])
	}
	return ""
}

// note adds what is wrong with the value of a key to the findings, if it is not among them.
func (l *listed) note(e *entryExport, key string, err error) {
	told := e.Told(key)
	e.good = e.good && err == nil && !told
	if err != nil && !told {
		l.add(e.At(key), e, err)
	}
}

// add adds an error to the findings, with its hint in the words of a list.
func (l *listed) add(at topology.Place, e *entryExport, err error) {
	l.findings = append(l.findings, topology.Finding{
		Severity: topology.SeverityError, Code: exportlist.CodeExports, Place: at,
		Message: err.Error(), Hint: inList(hint.Of(err), e.Entry),
	})
}

var (
	// setFlags matches what a hint says of parameters, and setFlag each of them.
	setFlags = regexp.MustCompile(`--set [\w-]+=[^\s,;()]+(?: --set [\w-]+=[^\s,;()]+)*`)
	setFlag  = regexp.MustCompile(`--set ([\w-]+)=([^\s,;()]+)`)
	// otherFlags are the words of a list for what a hint says of other flags.
	otherFlags = strings.NewReplacer("--vpc, one of:", "vpc is one of", "--shape, one of:", "shape is one of", "--set, one of:", "set has",
		"leave --shape out", "leave shape out", "leave --server out", "leave server out", "--server IP", "add server: [IP]", "--server,", "server is", "--shape ", "shape: ", "--format ", "format: ")
)

// inList puts what a hint says of flags into the words of a list.
func inList(text string, e *exportlist.Entry) string {
	text = setFlags.ReplaceAllStringFunc(text, func(match string) string {
		var pairs []string
		there := false
		for _, parts := range setFlag.FindAllStringSubmatch(match, -1) {
			pairs = append(pairs, parts[1]+": "+parts[2])
			_, given := e.Values[parts[1]]
			there = there || given
		}
		switch all := strings.Join(pairs, ", "); {
		case there:
			return "write " + all + " in set"
		case len(e.Values) > 0:
			return "add " + all + " to set"
		default:
			return "add set: {" + all + "}"
		}
	})
	if e.VPC == "" {
		text = strings.Replace(text, "--vpc, one of:", "add vpc, which is one of", 1)
	}
	return otherFlags.Replace(text)
}
