package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// The exit statuses. Which command ends with which is in the table below, and how
// an error becomes one in statusOf.
const (
	statusFine     = 0
	statusFindings = 1 // or differences: what was asked for is printed, and is not fine
	statusTrouble  = 2 // the command could not do its work, or a guard did not let it
)

// errFindings ends a command whose findings have been printed.
var errFindings = errors.New("there are findings")

// errDifferences ends a command whose differences have been printed.
var errDifferences = errors.New("there are differences")

// errNoAddress ends a lookup whose answer is no link's address, or that of several links.
var errNoAddress = errors.New("the answer is no address of one link")

// statusOf returns the exit status for the error with which a command ends. A
// topology that cannot be used is trouble to all commands but plan, which prints
// what is wrong with it and ends with errFindings.
func statusOf(err error) int {
	switch {
	case err == nil:
		return statusFine
	case errors.Is(err, errFindings), errors.Is(err, errDifferences), errors.Is(err, errNoAddress), errors.Is(err, errIncomplete), errors.Is(err, errNotAll):
		return statusFindings
	default:
		return statusTrouble
	}
}

// ending says what the exit statuses of a command mean; "" where it never ends so.
type ending struct {
	command                 string
	fine, findings, trouble string
}

const cannot = "trouble, such as a topology that cannot be used"

// endings are those of all commands, in the order of the README.
var endings = []ending{
	{"init", "written, and it can be planned", "written, and it cannot be planned before a TODO is done", "trouble, such as a topology that is there already"},
	{"init --check", "no drift, or all of it was written", "findings", cannot},
	{"plan", "no findings but notes", "findings, or a topology that cannot be used", "a topology that cannot be read"},
	{"graph", "drawn", "", cannot},
	{"lookup", "an address of a link, and of one region alone", "anything else", cannot},
	{"export", "written", "", cannot + ", or a guard"},
	{"export --check", "the files are those of the topology", "they are not", cannot},
	{"formats", "listed", "", "trouble"},
	{"diff", "the same", "differences, or something that was not read and can change answers", cannot + ", or a guard"},
	{"audit", "no findings, and all that can change answers was read", "findings", cannot},
	{"doctor", "ready, with no findings but notes", "findings", cannot},
	{"push", "pushed, or it was there already; with --wait every server has it", "with --wait: pushed, and some server has it not", cannot + ", a guard, or somebody who was first"},
	{"rollback", "pushed, or it was there already; with --wait every server has it", "with --wait: pushed, and some server has it not", cannot + ", a guard, or somebody who was first"},
	{"promote", "promoted", "", "trouble, or a server of the canary that has it not"},
	{"abort", "ended", "", "trouble"},
	{"history", "printed", "", "trouble"},
	{"show", "printed", "", "trouble"},
	{"pull", "written", "", "trouble"},
	{"fleet", "all servers are up to date", "some are not, or there are none", "trouble"},
	{"schema", "printed", "", "trouble"},
	{"completion", "printed", "", "trouble"},
	{"version", "printed", "", "trouble"},
	{"man", "written", "", "trouble"},
}

// help returns the line of a command's help.
func (e ending) help() string {
	parts := []string{fmt.Sprintf("%d %s", statusFine, e.fine)}
	if e.findings != "" {
		parts = append(parts, fmt.Sprintf("%d %s", statusFindings, e.findings))
	}
	parts = append(parts, fmt.Sprintf("%d %s", statusTrouble, e.trouble))
	return strings.Join(parts, "; ")
}

// describeStatuses adds to the help of each command how it ends.
func describeStatuses(root *cobra.Command) {
	root.Long += fmt.Sprintf("\n\nExit status: %d fine; %d findings, or differences; %d trouble, or a guard.",
		statusFine, statusFindings, statusTrouble)
	for _, cmd := range root.Commands() {
		var lines []string
		for _, e := range endings {
			verb, flag, _ := strings.Cut(e.command, " ")
			if verb != cmd.Name() {
				continue
			}
			if flag != "" {
				flag = " with " + flag
			}
			lines = append(lines, wrapped(fmt.Sprintf("Exit status%s: %s.", flag, e.help())))
		}
		if len(lines) == 0 {
			continue
		}
		if cmd.Long == "" {
			cmd.Long = cmd.Short + "."
		}
		cmd.Long += "\n\n" + strings.Join(lines, "\n")
	}
}
