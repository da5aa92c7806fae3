package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/spell"
)

// The widths of help, in columns: of what is no terminal, and the bounds of one.
const (
	usualWidth = 100
	leastWidth = 50
	textWidth  = 80 // of texts in full sentences
)

// widthOf returns how wide help is on an output.
func widthOf(w io.Writer) int {
	file, ok := uncoloured(w).(*os.File)
	if !ok {
		return usualWidth
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil || columns <= 0 {
		return usualWidth
	}
	return min(max(columns, leastWidth), usualWidth)
}

// helpBehind returns arguments in which help is asked for before the verb with it behind the
// verb: else it would be that of all verbs.
func helpBehind(root *cobra.Command, args []string) []string {
	if len(args) < 2 || args[0] != "--help" && args[0] != "-h" {
		return args
	}
	if slices.Contains(verbs(root), args[1]) || slices.Contains(hiddenVerbs(root), args[1]) {
		return []string{args[1], args[0]}
	}
	return args
}

// printUsage prints what stands below the text of a command's help.
func printUsage(cmd *cobra.Command) error {
	cmd.InitDefaultHelpFlag() // which "auralink help" has not made
	cmd.InitDefaultVersionFlag()
	w := cmd.OutOrStderr()
	fmt.Fprintf(w, "Usage:\n  %s\n", cmd.UseLine())
	if cmd.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintln(w, "\nCommands:")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(w, "  %-*s  %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	// The output of the command is that of the root: its own may be a text that is being made.
	fmt.Fprintf(w, "\nFlags:\n%s", cmd.LocalFlags().FlagUsagesWrapped(widthOf(cmd.Root().OutOrStdout())))
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\nUse \"%s COMMAND --help\" for more about a command.\n", cmd.CommandPath())
	}
	return nil
}

// wrapped breaks a text of one line into lines of at most textWidth columns. Lines but the
// first are indented.
func wrapped(text string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case width+1+len(word) > textWidth:
			b.WriteString("\n  ")
			width = len("  ")
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String()
}

// unknownVerb returns the error for a verb that there is not.
func unknownVerb(root *cobra.Command, verb string) error {
	err := fmt.Errorf("unknown command %q", verb)
	if question := spell.DidYouMean(verb, append(verbs(root), hiddenVerbs(root)...)); question != "" {
		return hint.Add(err, question+" auralink --help lists them")
	}
	if looksLikeTopology(verb) {
		return hint.Add(err, "a verb comes first: auralink plan "+verb)
	}
	return hint.Add(err, "auralink --help lists them")
}

// verbs returns the names of all commands.
func verbs(root *cobra.Command) []string {
	names := []string{"help"}
	for _, cmd := range root.Commands() {
		if !cmd.Hidden && cmd.Name() != "help" {
			names = append(names, cmd.Name())
		}
	}
	return names
}

// hiddenVerbs returns the names of the commands that the help does not list.
func hiddenVerbs(root *cobra.Command) []string {
	var names []string
	for _, cmd := range root.Commands() {
		if cmd.Hidden && !strings.HasPrefix(cmd.Name(), "__") {
			names = append(names, cmd.Name())
		}
	}
	return names
}

// newHelp is cobra's help command, but for what is no command: cobra's prints the
// help of the root, and all is well.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Print what a command is for, and its flags",
		Args:  exactArgs(0, 1),

		ValidArgsFunction: offersFor("help"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Root().Help()
			}
			for _, c := range cmd.Root().Commands() {
				if c.Name() == args[0] {
					c.InitDefaultHelpFlag()
					return c.Help()
				}
			}
			return unknownVerb(cmd.Root(), args[0])
		},
	}
}
