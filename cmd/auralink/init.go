package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/draft"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/wholefile"
)

const initLong = `Write a first topology from what there is: the DNS that a network has today, and
what the clouds' own tools print of private endpoints and networks.

A FROM is a file or a directory of any kind that audit reads, dns://HOST or
axfr://HOST, or what one of these prints, as JSON or YAML:

  aws ec2 describe-vpc-endpoints
  aws ec2 describe-network-interfaces
  aws ec2 describe-vpcs
  aws ec2 describe-subnets
  gcloud compute forwarding-rules list --format=json
  gcloud compute networks subnets list --format=json
  az network private-endpoint list -o json
  az network nic list -o json
  az network vnet list -o json

All of them are taken together, with several regions and accounts. VPC=FILE says
for which of your networks a file is, where several have their own DNS.

What cannot be known is asked for on a terminal, and else is a line with TODO, which
says why, and where to look.
Without --from it writes an example with comments.
--run has a tool list it now, if the tool is here and signed in, and says which
permissions that takes.

--check compares a topology that is there with what the clouds list now: endpoints
that were recreated, or are pending or rejected; --update writes their addresses.

TOPOLOGY is ./topology.yaml if left out, and "-" is standard output. A file that is
there is not overwritten without --force.`

const initExample = `  auralink init
  auralink init --from db.endpoints.neo4j.io --from db.production-orch-0000.neo4j.io
  auralink init --from endpoints.json --from interfaces.json --from vpcs.json --from zones/
  auralink init --check topology.yaml --from endpoints.json --from interfaces.json`

type initFlags struct {
	from, services, names []string
	run                   []string
	vpc, check, output    string
	force, update         bool
	questions             string
	source                existingFlags
}

func newInit() *cobra.Command {
	var flags initFlags
	cmd := &cobra.Command{
		Use:     "init [TOPOLOGY] [--from FROM...]",
		Short:   "Write a first topology from what there is",
		Long:    initLong,
		Example: initExample,
		Args:    exactArgs(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runInit(cmd, args, flags)
		},
		DisableFlagsInUseLine: true,
	}
	cmd.Flags().StringArrayVar(&flags.from, "from", nil, "what there is: `FROM`, or VPC=FROM; may be repeated")
	cmd.Flags().StringArrayVar(&flags.services, "service", nil, "the `ID` of a private endpoint, or of its service, that is Aura's; may be repeated")
	cmd.Flags().StringArrayVar(&flags.names, "name", nil, "a `NAME` to ask a server for: a Private URI, an orchestra, or the label of a custom endpoint; may be repeated")
	cmd.Flags().StringArrayVar(&flags.run, "run", nil, "run the tool of a `CLOUD` (aws, gcp or azure, or with a region, a profile, a project or a subscription: aws@us-east-1, aws@prod/us-east-1) and read what it lists; may be repeated")
	cmd.Flags().StringVar(&flags.check, "check", "", "write nothing, and say what has changed since this `TOPOLOGY` was written")
	cmd.Flags().BoolVar(&flags.update, "update", false, "with --check, write the new addresses of links into the topology, and nothing else")
	outputFlag(cmd, &flags.output, outputText, outputMarkdown, outputJSON)
	cmd.Flags().StringVar(&flags.vpc, "vpc", "", "the label of the `VPC` whose DNS it is, where nothing else says so")
	cmd.Flags().StringVar(&flags.questions, "ask", "auto", "ask for what cannot be known: `WHEN` is auto (on a terminal), yes (standard input may be a pipe) or no")
	cmd.Flags().Lookup("ask").NoOptDefVal = "yes"
	cmd.Flags().BoolVar(&flags.force, "force", false, "overwrite a file that is there")
	flags.source.add(cmd)
	return cmd
}

// errIncomplete ends an init whose topology cannot be planned yet.
var errIncomplete = errors.New("the topology is not complete")

func runInit(cmd *cobra.Command, args []string, flags initFlags) error {
	if flags.check != "" {
		if len(args) > 0 {
			return hint.Add(fmt.Errorf("unexpected argument %q", args[0]), "--check names the topology")
		}
		return runCheck(cmd, flags.check, flags)
	}
	if flags.update {
		return hint.Add(errors.New("--update is for --check"), "auralink init --check topology.yaml --update --from FILE")
	}
	path := topologyIn(args)
	if err := flags.refused(path); err != nil {
		return err
	}
	if len(flags.from) == 0 && len(flags.run) == 0 {
		return writeExample(cmd, path, flags.force)
	}
	in, err := flags.input(cmd)
	if err != nil {
		return hintTopology(cmd, flags.from, err)
	}
	d, err := flags.draft(cmd, in)
	if err != nil {
		return err
	}
	for _, note := range slices.Concat(in.Inventory.Notes, d.Notes) {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", note)
	}
	var text bytes.Buffer
	todos, err := d.Write(&text)
	if err != nil {
		return err
	}
	if err := create(cmd, path, text.Bytes(), flags.force); err != nil {
		return err
	}
	tellAccounts(cmd.ErrOrStderr(), in.Inventory)
	return concludeInit(cmd, path, text.Bytes(), todos)
}

// refused refuses what would not end well before anything is read.
func (f initFlags) refused(path string) error {
	if err := f.readable(); err != nil {
		return err
	}
	if path == stdin || f.force {
		return nil
	}
	if _, err := os.Lstat(path); err == nil {
		return errThere(path)
	}
	return nil
}

// readable refuses sources that cannot be read, and labels and names that are none.
func (f initFlags) readable() error {
	var files []string
	labels := []string{f.vpc}
	for _, from := range f.from {
		vpc, file := splitFrom(from)
		labels, files = append(labels, vpc), append(files, file)
	}
	for _, vpc := range labels {
		if wrong := topology.CheckWord(vpc); vpc != "" && wrong != "" {
			return hint.Add(fmt.Errorf("the label of a VPC: %q %s", vpc, wrong), "a label of yours, such as apps")
		}
	}
	for _, name := range f.names {
		if err := draft.CheckName(name); err != nil {
			return err
		}
	}
	return onceFromStdin(files)
}

// errThere returns the error for a topology that is there already.
func errThere(path string) error {
	return hint.Add(fmt.Errorf("%s is there already, and is not overwritten", path),
		fmt.Sprintf("another name, such as auralink init new.yaml; or --force. auralink init --check %s says what has changed since", path))
}

// splitFrom returns the VPC and what it has, of VPC=FROM.
func splitFrom(text string) (vpc, from string) {
	if _, err := os.Stat(text); err == nil { // a file with an equals sign in its name
		return "", text
	}
	before, after, found := strings.Cut(text, "=")
	if !found || before == "" || after == "" || strings.ContainsAny(before, "/:?") {
		return "", text
	}
	return before, after
}

// create writes a file that is not there, or with force one that is.
func create(cmd *cobra.Command, path string, text []byte, force bool) error {
	if path == stdin {
		_, err := cmd.OutOrStdout().Write(text)
		return err
	}
	if force {
		if err := wholefile.Replace(path, text); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
		return nil
	}
	switch err := wholefile.Create(path, text); {
	case errors.Is(err, fs.ErrExist):
		return errThere(path)
	case err != nil:
		return fmt.Errorf("writing the topology: %w", err)
	}
	return nil
}

// tellAccounts prints what Aura's console asks for.
func tellAccounts(w io.Writer, i *inventory.Inventory) {
	if len(i.Accounts) == 0 {
		return
	}
	fmt.Fprintln(w, "For Aura's console (Security > Network access):")
	words := map[inventory.Cloud]string{inventory.AWS: "AWS account id", inventory.GCP: "Google Cloud project id", inventory.Azure: "Azure subscription id"}
	for _, a := range i.Accounts {
		fmt.Fprintf(w, "  %-24s%s\n", words[a.Cloud], a.ID)
	}
}

// concludeInit says what the topology is good for.
func concludeInit(cmd *cobra.Command, path string, text []byte, todos int) error {
	w := cmd.ErrOrStderr()
	called, next := path, "auralink plan "+path
	if path == stdin {
		called, next = "the topology", "save it, and auralink plan"
	}
	_, p, findings, err := plan.ReadTopology(bytes.NewReader(text))
	var invalid *topology.InvalidError
	switch {
	case errors.As(err, &invalid):
		fmt.Fprint(w, invalid.Findings.In(called).Report())
		fmt.Fprintf(w, "%s is written, and cannot be planned before that is mended: %s with TODO\n", called, spell.Count(todos, "comment"))
		return errIncomplete
	case err != nil:
		return err
	}
	fmt.Fprint(w, findings.In(called).Report())
	fmt.Fprintf(w, "%s is written: %s, %s with TODO. Next: %s\n", called, spell.Count(len(p.VPCs), "VPC"), spell.Count(todos, "comment"), next)
	return nil
}
