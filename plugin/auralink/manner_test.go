package auralink

import (
	"slices"
	"testing"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/bufsize"
	"github.com/coredns/coredns/plugin/header"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/wire"
)

// TestManner: what stands in a server block says how it replies.
func TestManner(t *testing.T) {
	rules := func(rules ...header.Rule) plugin.Handler { return header.Header{ResponseRules: rules} }
	for _, tt := range []struct {
		name    string
		behind  []string
		handler plugin.Handler
		want    serve.Manner
	}{
		{name: "nothing"},
		{name: "what has names of its own", behind: []string{"cache", "template", "hosts", "file", "etcd", "kubernetes"}},
		{name: "forward", behind: []string{"cache", "forward"}, want: serve.Manner{Flags: wire.Flags{Recursive: true}}},
		{name: "grpc", behind: []string{"grpc", "whoami"}, want: serve.Manner{Flags: wire.Flags{Recursive: true}}},
		{name: "unbound", behind: []string{"unbound"}, want: serve.Manner{Flags: wire.Flags{Recursive: true}}},
		{name: "bufsize", handler: bufsize.Bufsize{Size: 4096}, want: serve.Manner{MaxUDP: 4096}},
		{
			name: "header sets and clears", handler: rules(header.Rule{Flag: "ra", State: true}, header.Rule{Flag: "aa", State: false}),
			want: serve.Manner{Flags: wire.Flags{Set: wire.FlagRA, Clear: wire.FlagAA}},
		},
		{
			name: "of two rules the second counts", behind: []string{"forward"},
			handler: rules(header.Rule{Flag: "ra", State: true}, header.Rule{Flag: "ra", State: false}, header.Rule{Flag: "rd", State: false}, header.Rule{Flag: "rd", State: true}),
			want:    serve.Manner{Flags: wire.Flags{Recursive: true, Set: wire.FlagRD, Clear: wire.FlagRA}},
		},
		{name: "header for queries", handler: header.Header{QueryRules: []header.Rule{{Flag: "ra", State: true}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			config := &dnsserver.Config{Zone: ".", Transport: transport.DNS}
			if tt.handler != nil {
				config.AddPlugin(func(plugin.Handler) plugin.Handler { return tt.handler })
			}
			serverOf(t, config) // makes the handlers
			if diff := cmp.Diff(tt.want, mannerOf(config, behind{names: tt.behind})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	// A server block with none of them is taken not to recurse, so that all are known by
	// the names of their directives.
	for _, name := range recursing {
		if m := mannerOf(&dnsserver.Config{}, behind{names: []string{name}}); !m.Flags.Recursive || slices.Contains(silent, name) {
			t.Errorf("%s is not known to recurse", name)
		}
	}
}
