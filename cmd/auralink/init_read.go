package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/draft"
	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/zones"
)

// input reads all that is named: files first, for they say what a server is asked for.
func (f initFlags) input(cmd *cobra.Command) (draft.Input, error) {
	in := draft.Input{VPC: f.vpc, Services: f.services}
	builder := inventory.NewBuilder()
	options := f.source.options(cmd)
	options.Other = offer(builder)
	if slices.ContainsFunc(f.from, isServer) {
		options.From = netip.Addr{} // it is for them
	}
	for _, from := range f.from {
		vpc, path := splitFrom(from)
		if existing.IsURL(path) {
			in.Read = append(in.Read, existing.Shown(path))
			continue
		}
		in.Read = append(in.Read, readFrom(path))
		part, err := options.Apart(path)
		if err != nil {
			return in, err
		}
		if part.Set.Len() > 0 {
			in.Sources = append(in.Sources, draft.Source{Name: path, VPC: cmp.Or(vpc, part.VPC), Ours: part.VPC != "", Set: part.Set})
		}
	}
	for _, cloud := range f.run {
		in.Read = append(in.Read, "what "+cloud+" lists")
	}
	if err := runTools(cmd, f.run, builder); err != nil {
		return in, err
	}
	var err error
	if in.Inventory, err = builder.Inventory(); err != nil {
		return in, err
	}
	return in, f.ask(cmd, &in)
}

// readFrom says what was read, for a sentence.
func readFrom(path string) string {
	switch path {
	case ".":
		return "this directory"
	case stdin:
		return "standard input"
	}
	return path
}

func isServer(from string) bool {
	_, path := splitFrom(from)
	return existing.IsURL(path)
}

// offer has an inventory take the files that are lists of a cloud.
func offer(b *inventory.Builder) func(string, []byte, io.Reader) (bool, error) {
	return func(path string, head []byte, content io.Reader) (bool, error) {
		if !inventory.Detect(head) {
			return false, nil
		}
		return true, b.Read(content, path)
	}
}

// ask asks the servers among the sources.
func (f initFlags) ask(cmd *cobra.Command, in *draft.Input) error {
	names := draft.Names(in.Sources, f.names)
	for _, from := range f.from {
		vpc, url := splitFrom(from)
		if !existing.IsURL(url) {
			continue
		}
		target, err := existing.ParseURL(url)
		if err != nil {
			return err
		}
		found, err := f.source.found(cmd, func(ctx context.Context, o existing.Options) (*existing.Found, error) {
			if target.Transfer {
				return o.ForView(ctx, url, transferred(names))
			}
			return o.Together(ctx, []string{url}, slices.Values(names))
		})
		switch {
		case err != nil:
			return err
		case found.Cut != nil:
			return errPartial
		case found.Set.Len() == 0:
			return hint.Add(errors.New(existing.Shown(url)+" has none of the names that it was asked for"),
				"--name for each Private URI and each custom endpoint, such as --name abcd1234.production-orch-0042.neo4j.io")
		}
		in.Sources = append(in.Sources, draft.Source{Name: existing.Shown(url), VPC: vpc, Set: found.Set})
	}
	return nil
}

// transferred returns a view of the zones that a server may have of names.
func transferred(names []string) zones.View {
	v := zones.View{Name: "init"}
	for _, name := range names {
		v.Zones = append(v.Zones, zones.Zone{Origin: name})
	}
	return v
}
