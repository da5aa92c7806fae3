package main

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// hintExport adds to the error of a format what to do about it.
func hintExport(format formats.Format, err error) error {
	var refusal *formats.Refusal
	var missing *formats.MissingError
	var unknown *formats.UnknownParameterError
	switch {
	case errors.As(err, &refusal):
		return hint.Add(err, report.Flags(format, refusal.Instead))
	case errors.As(err, &missing):
		return hint.Add(err, missingFlags(missing))
	case errors.Is(err, formats.ErrServer):
		return hint.Add(err, "--server, the address by which clients reach the server")
	case errors.Is(err, formats.ErrShape):
		return hint.Add(err, "leave --shape out; it is for "+formatsThat(func(f formats.Format) bool { return f.Shaped }))
	case errors.Is(err, formats.ErrNoServers):
		return hint.Add(err, "leave --server out; it is for "+formatsThat(func(f formats.Format) bool { return f.Servers }))
	case errors.As(err, &unknown) && len(unknown.Known) > 0:
		return hint.Add(err, among("--set", unknown.Name, unknown.Known))
	default:
		return hint.Add(err, "auralink formats "+format.Name)
	}
}

// formatsThat returns the names of the formats of which something is true, in a line.
func formatsThat(is func(formats.Format) bool) string {
	var names []string
	for _, f := range all.Formats() {
		if is(f) {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// withMissing adds to an error what the format must be told as well, so that all is said at
// once.
func (f exportFlags) withMissing(err error, format formats.Format) error {
	options, wrong := f.options()
	var missing *formats.MissingError
	if wrong != nil || !errors.As(format.Lacks(options), &missing) {
		return err
	}
	return hint.Add(fmt.Errorf("%w; and %w", err, missing), hint.Of(err)+"; "+missingFlags(missing))
}

// withOut adds to an error of an export to nowhere that its several files need a directory.
// The VPC stands for the one that is not known yet.
func (f exportFlags) withOut(err error, format formats.Format, vpc *plan.VPC) error {
	if f.out != "" || !f.several(format, vpc) {
		return err
	}
	return hint.Add(fmt.Errorf("%w; and %w", err, errSeveral), hint.Of(err)+"; --out DIR, where to write them")
}

// several reports whether an export has several files, as far as that can be told before all
// parameters are there.
func (f exportFlags) several(format formats.Format, vpc *plan.VPC) bool {
	options, err := f.options()
	if err != nil {
		return false
	}
	if format.Servers && len(options.Servers) == 0 {
		options.Servers = []netip.Addr{netip.AddrFrom4([4]byte{10, 0, 0, 53})} // whichever it is
	}
	files, err := format.Files(vpc.View, options)
	if err != nil {
		return len(format.PerZone) > 0
	}
	return len(slices.Collect(wholeFiles(files))) > 1
}

// errSeveral is the error for several files on standard output.
var errSeveral = errors.New("the export has several files")

// missingFlags returns the flags with which an export is told what it lacks.
func missingFlags(missing *formats.MissingError) string {
	var flags []string
	if missing.Servers {
		flags = append(flags, "--server IP")
	}
	for _, p := range missing.Parameters {
		flags = append(flags, "--set "+p.Name+"=VALUE")
	}
	return strings.Join(flags, " ")
}
