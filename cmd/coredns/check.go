package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/coredns/caddy"
	clog "github.com/coredns/coredns/plugin/pkg/log"

	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/inputfile"
	"github.com/auralink/auralink/plugin/auralink"
)

// The exit statuses of a check.
const (
	statusFine     = 0
	statusFindings = 1 // the server would start, and there is something to look at
	statusTrouble  = 2 // the server would not start
)

const checkUsage = "Corefile to check, with all that it names, without starting anything; " +
	"ends with 1 where there is something to look at, with 2 where a server would not start"

// check says what a server with a Corefile would come to, and returns the exit status.
func check(path string, out, complain io.Writer) int {
	clog.Discard() // what is to be known is found, and not logged
	text, err := inputfile.Read(path, maxText)
	if err != nil {
		return trouble(complain, err)
	}
	found, err := auralink.Inspect(caddy.CaddyfileInput{Contents: text, Filepath: path, ServerTypeName: serverType})
	if err != nil {
		return trouble(complain, err, append(meant(path, text), checkHint(err)...)...)
	}
	for _, block := range found.Blocks {
		writeBlock(out, block)
	}
	fmt.Fprint(out, found.Findings.Report())
	if len(found.Findings.Beyond()) > 0 {
		return statusFindings
	}
	if len(found.Findings) == 0 {
		fmt.Fprintln(out, "No findings.")
	}
	return statusFine
}

// trouble says why a server would not start.
func trouble(complain io.Writer, err error, hints ...string) int {
	fmt.Fprintf(complain, "coredns: error: %s\n", strings.TrimRight(err.Error(), "\n"))
	for _, hint := range hints {
		fmt.Fprintf(complain, "coredns: hint: %s\n", hint)
	}
	return statusTrouble
}

// checkHint says what to do about an error, where that is known.
func checkHint(err error) []string {
	var missing *fs.PathError
	if errors.As(err, &missing) && errors.Is(err, fs.ErrNotExist) && !filepath.IsAbs(missing.Path) {
		return []string{"paths begin in the directory in which the server runs, or below the root that the Corefile names: check it from there"}
	}
	return nil
}

// writeBlock says what a server block would come to.
func writeBlock(out io.Writer, block auralink.Inspected) {
	where := block.File
	if block.Line > 0 {
		where += fmt.Sprintf(":%d", block.Line)
	}
	fmt.Fprintf(out, "%s: %s\n", where, strings.Join(block.Keys, " "))
	line := func(what, text string) { fmt.Fprintf(out, "  %-10s  %s\n", what, text) }
	line("asked at", strings.Join(block.Addresses, ", "))
	if block.Topology != "" {
		line("topology", block.Topology+": "+block.Plan)
		line("strangers", block.Strangers)
		for _, fast := range block.Fast {
			line("fast path", fastLine(fast))
		}
		if len(block.Fast) == 0 {
			line("fast path", "off: it is for plain DNS alone")
		}
	} else {
		line("topology", "none: auralink is not in this block")
	}
	line("resolver", resolverLine(block))
	fmt.Fprintln(out)
}

func fastLine(fast corefast.Outlook) string {
	switch {
	case fast.Off != "":
		return fmt.Sprintf("off at %s: %s", fast.Address, fast.Off)
	case len(fast.Left) > 0:
		return fmt.Sprintf("on at %s, but for zones that other server blocks share: %s", fast.Address, strings.Join(fast.Left, ", "))
	default:
		return "on at " + fast.Address
	}
}

func resolverLine(block auralink.Inspected) string {
	switch {
	case block.Resolves == "":
		return "none: no plugin resolves any name"
	case len(block.Open) > 0:
		return fmt.Sprintf("%s, for whoever asks from the Internet at %s", block.Resolves, strings.Join(block.Open, ", "))
	default:
		return block.Resolves + ", and not for the Internet"
	}
}
