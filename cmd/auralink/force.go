package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/hint"
)

// forceFlag adds --force to a command.
func forceFlag(cmd *cobra.Command, into *[]string) {
	cmd.Flags().StringSliceVar(into, "force", nil, "the `GUARDS` that do not stand in the way: "+guard.Codes())
	names := strings.Split(guard.Codes(), ", ")
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("force", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// parseForce reads the guards that are not to stand in the way.
func parseForce(names []string) ([]guard.Code, error) {
	known := strings.Split(guard.Codes(), ", ")
	for _, name := range names {
		if _, err := guard.ParseCodes([]string{name}); err != nil {
			return nil, hint.Add(err, strings.Replace(among("--force", name, known), "one of", "any of", 1))
		}
	}
	return guard.ParseCodes(names)
}

// heldBack returns the error for guards that are tripped where something was to be changed.
func heldBack(guards []string) error {
	return exportdir.HeldBack(" "+strings.Join(guards, ", "), guards)
}
