package main

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/auralink/auralink/internal/address"
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

// checkVerb refuses a verb that there is not, before anything is said of the flags behind it.
func checkVerb(root *cobra.Command, args []string) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") || strings.HasPrefix(args[0], "__") {
		return nil
	}
	if cmd, _, err := root.Find(args[:1]); err != nil || cmd == root {
		if !slices.Contains(verbs(root), args[0]) {
			return unknownVerb(root, args[0])
		}
	}
	return nil
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
		return invalidValue(invalid.GetFlag(), invalid.GetValue(), invalid.Unwrap())
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

// invalidValue returns the error for a value that a flag cannot take, and why it cannot.
func invalidValue(flag *pflag.Flag, value string, why error) error {
	shown := fmt.Sprintf("--%s %q", flag.Name, value)
	switch flag.Value.Type() {
	case "uint32":
		return hint.Add(fmt.Errorf("%s is not a number from 1 to 4294967295", shown), usageOf(flag))
	case "int":
		return hint.Add(fmt.Errorf("%s is not a whole number", shown), usageOf(flag))
	case "number": // of names
		return hint.Add(fmt.Errorf("%s is neither a whole number from 0 on nor -1", shown), usageOf(flag))
	case "duration":
		advice := usageOf(flag)
		if _, err := strconv.Atoi(value); err == nil {
			advice = fmt.Sprintf("did you mean %q? %s", value+"s", advice)
		}
		return hint.Add(fmt.Errorf("%s is no time with a unit", shown), advice)
	case "bool":
		return hint.Add(fmt.Errorf("%s is neither true nor false", shown), fmt.Sprintf("--%s alone says yes", flag.Name))
	case "ip", "ipSlice":
		return hint.Add(fmt.Errorf("%s is not an IP address", shown), addressHint(value))
	case "stringToString":
		return hint.Add(fmt.Errorf("%s %w", shown, why), usageOf(flag))
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
	first, _, several := strings.Cut(strings.ReplaceAll(text, ",", " "), " ")
	if addr, err := netip.ParseAddr(first); err == nil && several {
		return "one of them, such as " + addr.String()
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
		if isEmpty(flag.Value) && err == nil {
			err = hint.Add(fmt.Errorf("--%s is empty", flag.Name),
				fmt.Sprintf("is a variable not set? Leave --%s out, or give it a value", flag.Name))
		}
	})
	return err
}

// refuseNobody refuses an address to ask from that no host has.
func refuseNobody(cmd *cobra.Command) error {
	source := cmd.Flags().Lookup("source")
	if source == nil || !source.Changed {
		return nil
	}
	addr, err := netip.ParseAddr(source.Value.String())
	if nobody := address.Nobody(addr); err == nil && nobody != "" {
		return hint.Add(fmt.Errorf("--source %q is %s", addr, nobody), "an address of this machine, from which a client of the VPC would ask")
	}
	return nil
}

// isEmpty reports whether a flag was given nothing.
func isEmpty(value pflag.Value) bool {
	switch value.Type() {
	case "string":
		return value.String() == ""
	case "ipSlice":
		return value.String() == "[]"
	default:
		return false
	}
}

// among returns the hint for a word that is none of those that a flag takes.
func among(flag, word string, known []string) string {
	list := flag + ", one of: " + strings.Join(known, ", ")
	if question := spell.DidYouMean(word, known); question != "" {
		return question + " " + list
	}
	return list
}
