package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/coredns/caddy"
	"github.com/coredns/caddy/caddyfile"
	"github.com/coredns/coredns/core/dnsserver"

	"github.com/auralink/auralink/internal/inputfile"
	"github.com/auralink/auralink/internal/spell"
)

// explainMeant arranges that what a Corefile has wrong is said together with what may be meant,
// where that is known: CoreDNS says no more than that it knows no such directive or zone.
func explainMeant(complain io.Writer) {
	caddy.RegisterCaddyfileLoader("meant", caddy.LoaderFunc(func(string) (caddy.Input, error) {
		path := "Corefile"
		if conf := flag.Lookup("conf"); conf != nil && conf.Value.String() != "" {
			path = conf.Value.String()
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return nil, nil // a pipe can be read but once, by CoreDNS's own loader
		}
		if text, err := inputfile.Read(path, maxText); err == nil { // or its own loader says why not
			for _, hint := range meant(path, text) {
				fmt.Fprintf(complain, "coredns: hint: %s\n", hint)
			}
		}
		return nil, nil // no Corefile from here: the next loader has it
	}))
}

// meant returns what may be meant by words of a Corefile with which no server starts.
func meant(path string, text []byte) []string {
	blocks, err := caddyfile.Parse(path, bytes.NewReader(text), nil)
	if err != nil {
		return nil // CoreDNS says where
	}
	var hints []string
	for _, block := range blocks {
		for _, key := range block.Keys {
			if hint := keyMeant(key); hint != "" {
				hints = append(hints, hint)
			}
		}
		hints = append(hints, directivesMeant(path, block)...)
		hints = append(hints, keyFilesMeant(path, block)...)
	}
	return hints
}

// keyMeant returns what may be meant by the key of a server block, or "".
func keyMeant(key string) string {
	_, zone, found := strings.Cut(key, "://")
	if !found {
		zone = key
	}
	switch {
	case strings.Contains(zone, ","):
		return fmt.Sprintf("%q is one zone: write a blank behind each comma", key)
	case strings.HasSuffix(zone, ":"):
		return fmt.Sprintf("%q lacks its port: write that behind the colon, or leave the colon out", key)
	case strings.HasPrefix(zone, ":"):
		return fmt.Sprintf("%q has no zone: write .%s for all names", key, zone)
	default:
		return ""
	}
}

// directivesMeant returns what may be meant by directives of a server block that CoreDNS does not
// know, in their order. The path is that of the Corefile itself.
func directivesMeant(path string, block caddyfile.ServerBlock) []string {
	type unknown struct {
		line       int
		file, name string
	}
	var all []unknown
	for name, tokens := range block.Tokens {
		if !slices.Contains(dnsserver.Directives, name) && len(tokens) > 0 {
			all = append(all, unknown{tokens[0].Line, cmp.Or(tokens[0].File, path), name})
		}
	}
	slices.SortFunc(all, func(a, b unknown) int { return cmp.Compare(a.line, b.line) })
	var hints []string
	for _, u := range all {
		if question := spell.DidYouMean(u.name, dnsserver.Directives); question != "" {
			hints = append(hints, fmt.Sprintf("%s:%d: there is no directive %q: %s", u.file, u.line, u.name, question))
		}
	}
	return hints
}
