// Command coredns is CoreDNS with the auralink plugin compiled in.
//
// It takes the same flags, Corefile and signals as CoreDNS itself. The default
// build leaves out the plugins that are for clusters, clouds and tracing, and
// that make up two thirds of the size and most of the build time; the build tag
// full puts them back:
//
//	go build ./cmd/coredns
//	go build -tags full -o bin/coredns ./cmd/coredns
//
// One flag is ours: -check says what a Corefile would come to, and starts nothing.
//
// The command only wires: what is answered is decided in plugin/auralink.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	"github.com/auralink/auralink/internal/version"
	_ "github.com/auralink/auralink/plugin/auralink" // registers the directive
)

func main() {
	collectLate()
	if err := prepare(); err != nil {
		fmt.Fprintf(os.Stderr, "coredns: error: %v\n", err)
		os.Exit(1)
	}
	corefile := flag.String("check", "", checkUsage)
	flag.Parse() // as CoreDNS does once more
	if *corefile != "" {
		os.Exit(check(*corefile, os.Stdout, os.Stderr))
	}
	coremain.Run()
}

// prepare makes CoreDNS's process-wide settings ours. It must run before
// anything reads a Corefile.
func prepare() error {
	directives, err := order(dnsserver.Directives)
	if err != nil {
		return fmt.Errorf("ordering the directives: %w", err)
	}
	if err := dnsserver.SetDirectives(directives); err != nil {
		return fmt.Errorf("setting the order of the directives: %w", err)
	}
	explainMissing(directives)
	explainMeant(os.Stderr)
	// CoreDNS writes "CoreDNS-" in front of this, in -version, in the log line
	// at start and in the plugin chaos.
	caddy.AppVersion = coremain.CoreVersion + ", auralink-" + version.String()
	return nil
}
