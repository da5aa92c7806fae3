package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/hint"
)

const completionLong = `Print a script that has a shell complete the command's verbs, flags and values:
the VPCs and names of a topology, formats, guards, files where files belong.

  bash        source <(auralink completion bash), or for every shell from now on
              auralink completion bash >~/.local/share/bash-completion/completions/auralink
              with the package bash-completion; without it append that to ~/.bashrc
  zsh         auralink completion zsh >"${fpath[1]}/_auralink"
  fish        auralink completion fish >~/.config/fish/completions/auralink.fish
  powershell  auralink completion powershell | Out-String | Invoke-Expression

The packages (deb, rpm) have the scripts of bash, zsh and fish in their places.`

// shells are those that can be completed, each with what writes its script.
var shells = []struct {
	name  string
	write func(root *cobra.Command, w io.Writer) error
}{
	{"bash", writeBash},
	{"fish", func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) }},
	{"powershell", (*cobra.Command).GenPowerShellCompletionWithDesc},
	{"zsh", (*cobra.Command).GenZshCompletion},
}

func shellNames() []string {
	var names []string
	for _, shell := range shells {
		names = append(names, shell.name)
	}
	return names
}

// newCompletion is what cobra has of its own, but that it writes to the command's output,
// refuses shells that it does not know, and needs no package for bash.
func newCompletion() *cobra.Command {
	return &cobra.Command{
		Use:               "completion SHELL",
		Short:             "Print a script that has a shell complete the command line",
		Long:              completionLong,
		Example:           "  source <(auralink completion bash)",
		Args:              exactArgs(0, 1),
		ValidArgsFunction: offersFor("completion"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return hint.Add(errors.New("which shell?"), "auralink completion SHELL, one of: "+strings.Join(shellNames(), ", "))
			}
			for _, shell := range shells {
				if shell.name == args[0] {
					return shell.write(cmd.Root(), cmd.OutOrStdout())
				}
			}
			return hint.Add(fmt.Errorf("unknown shell %q", args[0]), among("SHELL", args[0], shellNames()))
		},
	}
}

// ofPackage is what cobra's script takes from the package bash-completion, and what stands
// for it where the package is not there.
var ofPackage = strings.NewReplacer(
	`_get_comp_words_by_ref "$@" cur prev words cword`, `__auralink_words "$@"`,
	"_filedir", "__auralink_filedir",
)

//go:embed completion.bash
var bashFunctions string

// writeBash writes the script for bash.
func writeBash(root *cobra.Command, w io.Writer) error {
	var script bytes.Buffer
	if err := root.GenBashCompletionV2(&script, true); err != nil {
		return err
	}
	head, body, _ := strings.Cut(script.String(), "\n")
	_, err := fmt.Fprintf(w, "%s\n\n%s%s", head, bashFunctions, ofPackage.Replace(body))
	return err
}
