package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// This file says what a shell offers for each argument, and for the value of each flag of
// which the flag itself does not say it. Nothing is offered where it is not known what may
// stand there: files belong only where files are read or written.

// offering is what a shell offers.
type offering = cobra.CompletionFunc

func offerFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

func offerDirectories(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// offerTopologies offers files that may be topologies.
func offerTopologies(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"yaml", "yml", "json"}, cobra.ShellCompDirectiveFilterFileExt
}

// offerWords offers some words.
func offerWords(words ...string) offering {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

// argumentsOf are the offers for the arguments of each command, one after the other. A
// command that is not here takes none, or none that can be offered.
var argumentsOf = map[string][]offering{
	"plan": {offerTopologies}, "graph": {offerTopologies}, "export": {offerTopologies}, "diff": {offerTopologies}, "push": {offerTopologies}, "init": {offerTopologies},
	"doctor": {offerUnlessNamed}, "lookup": {offerQuestion, offerQuestion, offerQuestion}, "man": {offerDirectories}, "help": {offerVerbs}, "completion": {offerWords(shellNames()...)},
}

// offerEach are the offers of commands that take any number of arguments.
var offerEach = map[string]offering{"audit": offerFiles, "formats": offerWords(formatNames()...)}

// valuesOf are the offers for flags, whichever command has them.
var valuesOf = map[string]offering{
	"against": offerFiles, "list": offerTopologies, "from": offerFiles, "check": offerTopologies,
	"ca": offerFiles, "password-file": offerFiles, "tls-ca": offerFiles, "tls-cert": offerFiles, "tls-key": offerFiles, "user-file": offerFiles,
	"ask": offerWords("auto", "yes", "no"), "run": offerClouds, "server": cobra.NoFileCompletions,
}

// completeAll registers what shells offer for all commands.
func completeAll(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		if cmd.ValidArgsFunction == nil {
			cmd.ValidArgsFunction = offersFor(cmd.Name())
		}
		cmd.Flags().VisitAll(func(flag *pflag.Flag) { completeFlag(cmd, flag) })
	}
}

// offersFor returns the offer for the arguments of a command.
func offersFor(verb string) offering {
	if each := offerEach[verb]; each != nil {
		return each
	}
	return func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		if offers := argumentsOf[verb]; len(args) < len(offers) {
			return offers[len(args)](cmd, args, word)
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeFlag registers what is offered for the value of a flag that does not say so
// itself.
func completeFlag(cmd *cobra.Command, flag *pflag.Flag) {
	if _, known := cmd.GetFlagCompletionFunc(flag.Name); known || flag.Value.Type() == "bool" || flag.Annotations[cobra.BashCompSubdirsInDir] != nil {
		return
	}
	values := valuesOf[flag.Name]
	switch {
	case cmd.Name() == "pull" && flag.Name == "out":
		values = offerFiles
	case values == nil:
		values = cobra.NoFileCompletions
	}
	_ = cmd.RegisterFlagCompletionFunc(flag.Name, values) // it is there
}

// offerVerbs offers the commands.
func offerVerbs(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return verbs(cmd.Root()), cobra.ShellCompDirectiveNoFileComp
}

// offerClouds offers the clouds whose tools can be run, behind which more may stand.
func offerClouds(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{string(inventory.AWS), string(inventory.GCP), string(inventory.Azure)}, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// offerUnlessNamed offers topologies where no name is given: else addresses stand there.
func offerUnlessNamed(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if cmd.Flags().Changed("name") {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return offerTopologies(cmd, args, word)
}

// recordTypes are those that are asked for most.
var recordTypes = []string{"A", "AAAA", "HTTPS", "SOA", "TXT", "CNAME", "NS", "MX", "PTR", "SRV", "ANY"}

// offerQuestion offers what lookup takes: a topology, a name, a type.
func offerQuestion(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	rest := args
	if len(args) > 0 && looksLikeTopology(args[0]) {
		rest = args[1:]
	}
	switch len(rest) {
	case 0:
		names := namesLike(cmd, args, word)
		if len(args) == 0 && (len(names) == 0 || word == "" && len(names) > maxOffered) {
			return offerTopologies(cmd, args, word)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	case 1:
		return recordTypes, cobra.ShellCompDirectiveNoFileComp
	default:
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

// maxOffered is how many names are offered.
const maxOffered = 1000

// namesLike returns the labels of custom endpoints and the names of orchestras that begin
// with a word, of the topology that the command line names so far.
func namesLike(cmd *cobra.Command, args []string, word string) []string {
	t := topologySoFar(cmd, args)
	if t == nil {
		return nil
	}
	var names []string
	add := func(name string) {
		if strings.HasPrefix(name, word) && len(names) <= maxOffered {
			names = append(names, name)
		}
	}
	for _, region := range t.Regions {
		for _, origin := range region.Orchestras {
			add(topology.HostIn(origin))
		}
	}
	for _, endpoint := range t.Endpoints {
		add(endpoint.Label)
	}
	return names
}

// topologySoFar returns the topology that a command line names so far, or nil.
func topologySoFar(cmd *cobra.Command, args []string) *topology.Topology {
	path := defaultTopology
	if len(args) > 0 && looksLikeTopology(args[0]) && cmd.Name() != "audit" {
		path = args[0]
	}
	if against := cmd.Flags().Lookup("against"); cmd.Name() == "audit" && against.Changed {
		path = against.Value.String()
	}
	if path == stdin {
		return nil
	}
	r, err := readRevision(cmd, path)
	if err != nil {
		return nil
	}
	return r.topology
}

// completeVPCs completes the name of a VPC.
func completeVPCs(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	t := topologySoFar(cmd, args)
	if t == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, vpc := range t.VPCs {
		names = append(names, vpc.Name)
	}
	slices.Sort(names)
	return names, cobra.ShellCompDirectiveNoFileComp
}
