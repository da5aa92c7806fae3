package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
)

// output is the value of an --output flag.
type output string

const (
	outputText     output = "text"
	outputJSON     output = "json"
	outputMarkdown output = "markdown"
	outputJUnit    output = "junit"
	outputGitHub   output = "github" // annotations, as GitHub's runner takes them
	outputGitLab   output = "gitlab" // a Code Quality report, as GitLab takes it
	outputSVG      output = "svg"
	outputHTML     output = "html"
	outputMermaid  output = "mermaid"
)

// outputFlag adds --output to a command; the first form is the default.
func outputFlag(cmd *cobra.Command, into *string, allowed ...output) {
	names := make([]string, len(allowed))
	for i, o := range allowed {
		names[i] = string(o)
	}
	choice := topology.Abridge(names, len(names))
	cmd.Flags().StringVarP(into, "output", "o", names[0], "the `FORM` in which to print it: "+choice)
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	cmd.PreRunE = func(*cobra.Command, []string) error {
		for _, name := range names {
			if *into == name {
				return nil
			}
		}
		err := fmt.Errorf("unknown output %q", *into)
		// "-out DIR" is read as "-o ut".
		if flag := cmd.Flags().Lookup("o" + *into); flag != nil {
			return hint.Add(err, "two hyphens: --"+flag.Name)
		}
		if flag := cmd.Flags().Lookup("out"); flag != nil {
			return hint.Add(err, "--out DIRECTORY, where to write; "+among("-o", *into, names))
		}
		return hint.Add(err, strings.TrimSpace(spell.Question(outputsMeant(*into, names))+" -o, one of: "+strings.Join(names, ", ")))
	}
}

// otherOutputs are what people call outputs that have another name here.
var otherOutputs = map[string]output{
	"md": outputMarkdown, "txt": outputText, "plain": outputText, "table": outputText, "htm": outputHTML, "yaml": outputJSON, "yml": outputJSON,
	"png": outputSVG, "pdf": outputSVG, "jpg": outputSVG, "image": outputSVG, "mmd": outputMermaid, "dot": outputMermaid, "xml": outputJUnit,
}

// outputsMeant returns those of the outputs of a command that are most likely meant.
func outputsMeant(word string, names []string) []string {
	if other := string(otherOutputs[strings.ToLower(word)]); slices.Contains(names, other) {
		return []string{other}
	}
	return spell.Near(word, names)
}
