package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

//go:generate sh -c "go run . formats -o markdown >../../docs/formats.md"

const formatsLong = `List the formats of auralink export, or tell what some of them are for: how a
view is written so that it means the same there, what they cannot express, and
what they must be told with --set.`

func newFormats() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:     "formats [FORMAT...]",
		Short:   "List the formats of export, and what each can and cannot express",
		Long:    formatsLong,
		Example: "  auralink formats\n  auralink formats bind json",
		RunE: func(cmd *cobra.Command, names []string) error {
			formats, err := formatsNamed(names)
			if err != nil {
				return err
			}
			switch {
			case output(out) == outputJSON:
				return report.FormatsJSON(cmd.OutOrStdout(), formats)
			case output(out) == outputMarkdown:
				return report.FormatsMarkdown(cmd.OutOrStdout(), formats, readable(names))
			case len(names) == 0:
				return report.ListFormats(cmd.OutOrStdout(), formats)
			default:
				return report.DescribeFormats(cmd.OutOrStdout(), formats)
			}
		},
	}
	outputFlag(cmd, &out, outputText, outputJSON, outputMarkdown)
	return cmd
}

func formatNames() []string {
	var names []string
	for _, f := range all.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// readable returns the formats that are read, where no other ones are asked for.
func readable(names []string) []formats.Format {
	if len(names) > 0 {
		return nil
	}
	return all.Readable()
}

// formatsNamed returns the formats with these names, or all of them.
func formatsNamed(names []string) ([]formats.Format, error) {
	if len(names) == 0 {
		return all.Formats(), nil
	}
	var list []formats.Format
	for _, name := range names {
		f, err := pickFormat(name)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

// pickFormat returns the format with that name.
func pickFormat(name string) (formats.Format, error) {
	f, ok := all.Named(name)
	if !ok {
		advice := "auralink formats lists them"
		if question := spell.Question(all.Meant(name, formatNames())); question != "" {
			advice = question + " " + advice
		}
		return f, hint.Add(fmt.Errorf("unknown format %q", name), advice)
	}
	return f, nil
}
