package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/spell"
)

// This file says in our own words what is wrong with a command line.

// checkArguments refuses what no shell hands over by intention. A line break or an
// escape sequence in an argument would come back in a message, where a terminal or
// a CI system may take it for a command.
func checkArguments(args []string) error {
	for _, arg := range args {
		if strings.ContainsFunc(arg, unicode.IsControl) {
			return hint.Add(fmt.Errorf("the argument %s has a control character", strconv.Quote(arg)),
				"file names, VPCs and values are all in one line")
		}
	}
	return nil
}

// unknownVerb returns the error for a verb that there is not.
func unknownVerb(root *cobra.Command, verb string) error {
	err := fmt.Errorf("unknown command %q", verb)
	if question := spell.DidYouMean(verb, verbs(root)); question != "" {
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

// newHelp is cobra's help command, but for what is no command: cobra's prints the
// help of the root, and all is well.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Print what a command is for, and its flags",
		Args:  exactArgs(0, 1),
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return verbs(cmd.Root()), cobra.ShellCompDirectiveNoFileComp
		},
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

// flagError says what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &bare):
		return hint.Add(fmt.Errorf("--%s needs a value", bare.GetFlag().Name), usageOf(bare.GetFlag()))
	case errors.As(err, &invalid):
		return invalidValue(invalid.GetFlag(), invalid.GetValue())
	case errors.As(err, &syntax):
		return hint.Add(fmt.Errorf("%q is not a flag", syntax.GetSpecifiedFlag()), cmd.CommandPath()+" --help lists them")
	default:
		return hint.Add(err, cmd.CommandPath()+" --help")
	}
}

// usageOf returns a flag with what its value is, and what it is for.
func usageOf(flag *pflag.Flag) string {
	value, usage := pflag.UnquoteUsage(flag)
	return strings.TrimSpace("--"+flag.Name+" "+value) + ": " + usage
}

// unknownFlag returns the error for a flag that the command has not.
func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	name, shown := unknown.GetSpecifiedName(), "--"+unknown.GetSpecifiedName()
	if letters := unknown.GetSpecifiedShortnames(); letters != "" { // such as vpc, of -vpc
		name, shown = letters, "-"+letters
	}
	name, _, _ = strings.Cut(name, "=")
	err := fmt.Errorf("unknown flag %s", shown)
	own := flagsOf(cmd)
	for _, flag := range own {
		if flag == "--"+name {
			return hint.Add(err, "two hyphens: "+flag)
		}
	}
	if question := spell.DidYouMean("--"+name, own); question != "" {
		return hint.Add(err, question)
	}
	for _, other := range cmd.Root().Commands() {
		if flag := other.Flags().Lookup(name); flag != nil && !flag.Hidden {
			if cmd == cmd.Root() {
				return hint.Add(err, fmt.Sprintf("flags come behind the verb: %s --%s", other.CommandPath(), name))
			}
			return hint.Add(err, fmt.Sprintf("%s has --%s; %s --help lists those of %s", other.CommandPath(), name, cmd.CommandPath(), cmd.Name()))
		}
	}
	return hint.Add(err, cmd.CommandPath()+" --help lists them")
}

// flagsOf returns the flags of a command, with their hyphens.
func flagsOf(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden {
			names = append(names, "--"+flag.Name)
		}
	})
	return names
}

// invalidValue returns the error for a value that a flag cannot take.
func invalidValue(flag *pflag.Flag, value string) error {
	shown := fmt.Sprintf("--%s %q", flag.Name, value)
	switch flag.Value.Type() {
	case "uint32":
		return hint.Add(fmt.Errorf("%s is not a number from 0 to 4294967295", shown), usageOf(flag))
	case "int":
		return hint.Add(fmt.Errorf("%s is not a whole number", shown), usageOf(flag))
	case "bool":
		return hint.Add(fmt.Errorf("%s is neither true nor false", shown), fmt.Sprintf("--%s alone says yes", flag.Name))
	case "ip", "ipSlice":
		return hint.Add(fmt.Errorf("%s is not an IP address", shown), addressHint(value))
	case "stringToString":
		return hint.Add(fmt.Errorf("%s is not NAME=VALUE", shown), usageOf(flag))
	default:
		return hint.Add(fmt.Errorf("%s cannot be", shown), usageOf(flag))
	}
}

// addressHint says how to write the address that a text most likely means.
func addressHint(text string) string {
	if at, err := netip.ParseAddrPort(text); err == nil {
		return "without the port: " + at.Addr().String()
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return "without the prefix length: " + prefix.Addr().String()
	}
	if addr, err := netip.ParseAddr(strings.Trim(text, "[] ")); err == nil {
		return "without anything around it: " + addr.String()
	}
	return "an address, such as 10.0.0.53, and not a name"
}

// refuseEmpty refuses flags whose value is empty: most likely it is that of a
// variable which is not set, and to go on without it would be something else than
// was meant.
func refuseEmpty(cmd *cobra.Command, args []string) error {
	for i, arg := range args {
		if arg == "" {
			return hint.Add(fmt.Errorf("argument %d is empty", i+1), "is a variable not set? usage: "+cmd.UseLine())
		}
	}
	var err error
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.Value.Type() == "string" && flag.Value.String() == "" && err == nil {
			err = hint.Add(fmt.Errorf("--%s is empty", flag.Name),
				fmt.Sprintf("is a variable not set? Leave --%s out, or give it a value", flag.Name))
		}
	})
	return err
}

// among returns the hint for a word that is none of those that a flag takes.
func among(flag, word string, known []string) string {
	list := flag + ", one of: " + strings.Join(known, ", ")
	if question := spell.DidYouMean(word, known); question != "" {
		return question + " " + list
	}
	return list
}
