package main

import (
	"slices"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin"
)

const (
	// serverType is the name under which CoreDNS and its plugins register with
	// caddy.
	serverType = "dns"

	// fullBuild is the command that makes a build with every standard plugin.
	fullBuild = "go build -tags full -o bin/coredns ./cmd/coredns"
)

// explainMissing arranges that a Corefile with a standard directive whose
// plugin is not in this build is refused with the line and with what to do,
// rather than with "no action found for directive".
//
// It does so by registering an action for each such directive, when the
// Corefile is about to be loaded and not before, so that -plugins, which looks
// earlier, lists only what is there.
func explainMissing(directives []string) {
	caddy.RegisterCaddyfileLoader("missing", caddy.LoaderFunc(func(string) (caddy.Input, error) {
		for _, name := range missing(directives, caddy.ListPlugins()["others"]) {
			plugin.Register(name, refuse(name))
		}
		return nil, nil // no Corefile from here: the next loader has it
	}))
}

// missing returns the directives that have no plugin among the registered,
// which are named as caddy lists them: "dns.cache", or "on" if the plugin is
// for every type of server.
func missing(directives, registered []string) []string {
	var list []string
	for _, name := range directives {
		if !slices.Contains(registered, serverType+"."+name) && !slices.Contains(registered, name) {
			list = append(list, name)
		}
	}
	return list
}

// refuse returns the action of a directive whose plugin is not in this build.
func refuse(name string) caddy.SetupFunc {
	return func(c *caddy.Controller) error {
		c.Next() // to the directive itself: the error then has its line
		return plugin.Error(name, c.Errf("not in the slim build: %q has it", fullBuild))
	}
}
