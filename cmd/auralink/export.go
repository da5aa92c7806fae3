package main

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const exportLong = `Write what the clients of one VPC are to be answered in the format of another
DNS system, to standard output or, with --out, into a directory.

Individual records are written as one zone for each name, so that nothing else
under endpoints.neo4j.io is touched; with --shape one-zone they are one zone,
which hides all other names under endpoints.neo4j.io.

The files are written beside the old ones and replace them when all are there:
after a failure the old ones stand. The serial in an SOA stays as long as the
records do and is raised when they change (RFC 1982). Where the topology has a
serial, it is that; --serial sets it instead.
A manifest in the directory says which files are auralink's: those that are no
longer part of the plan are removed, and no others. A directory is for one VPC.

Guards refuse to replace what is there by what is more likely a mistake than
meant, unless --force names them: clients, where the format has them, to move
clients to another VPC or to none; wildcard, to let a wildcard answer where
individual records did; region, to lead a name with a record of its own to another
region than when it was written; empty, to leave none; bulk, to remove more than
30 % of ten or more names; serial, to change a zone without a greater serial, where
the topology has one.

With --check nothing is written: a unified diff says that the files are not those
of the topology.

With --all the exports are those that a file beside the topology lists; for
topology.yaml it is topology.exports.yaml:

  exports:
    - {vpc: apps, format: bind, out: zones/apps, shape: one-zone}
    - {vpc: batch, format: openvpn, out: vpn/batch, server: [10.0.0.53]}
    - {vpc: apps, format: rpz, out: rpz, set: {zone: rpz.example.org}}

vpc may be left out where there is only one; out is a directory below the file's.
What is refused for one of them is done for none. A directory that the file lists no
more loses the files that were written there for it.`

type exportFlags struct {
	format, vpc, out, shape string
	servers                 []net.IP
	list, output            string
	all                     bool
	values                  settings
	serial                  uint32
	check                   bool
	force                   []string
}

func newExport() *cobra.Command {
	var flags exportFlags
	cmd := &cobra.Command{
		Use:   "export [TOPOLOGY]",
		Short: "Write a VPC's records for another DNS system",
		Long:  exportLong,
		Example: "  auralink export topology.yaml --format bind --vpc apps --out zones/\n" +
			"  auralink export topology.yaml --format bind --vpc apps --out zones/ --check\n" +
			"  auralink export --all",
		Args: exactArgs(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.checkFlags(cmd); err != nil {
				return err
			}
			if flags.writes() {
				evenUnheard(cmd)
			}
			if flags.all || flags.list != "" {
				return runExportAll(cmd, topologyIn(args), flags)
			}
			return runExport(cmd, topologyIn(args), flags)
		},
	}
	cmd.Flags().StringVar(&flags.format, "format", "bind", "the `FORMAT` to write; auralink formats lists them")
	vpcFlag(cmd, &flags.vpc, "the `VPC`; may be left out where there is only one")
	cmd.Flags().StringVar(&flags.out, "out", "", "the `DIRECTORY` to write into, made if need be; else standard output")
	cmd.Flags().StringVar(&flags.shape, "shape", "", "zones of individual records, `SHAPE`: per-name (the default) or one-zone")
	cmd.Flags().IPSliceVar(&flags.servers, "server", nil, "the `ADDRESS` of the DNS server to send clients to; may be repeated")
	cmd.Flags().Lookup("server").DefValue = ""
	flags.values = make(settings)
	cmd.Flags().Var(flags.values, "set", "what the format must be told: `NAME=VALUE`; may be repeated")
	cmd.Flags().Uint32Var(&flags.serial, "serial", 0, "the serial `NUMBER` of every SOA (default: the topology's; kept or raised where it has none)")
	forceFlag(cmd, &flags.force)
	completeExport(cmd)
	outputFlag(cmd, &flags.output, outputText, outputGitHub, outputGitLab)
	cmd.Flags().BoolVar(&flags.all, "all", false, "write all exports that are listed beside the topology")
	cmd.Flags().StringVar(&flags.list, "list", "", "the `FILE` that lists them, if not TOPOLOGY.exports.yaml; implies --all")
	cmd.Flags().BoolVar(&flags.check, "check", false, "write nothing; show how the files in --out differ, with status 1")
	return cmd
}

func runExport(cmd *cobra.Command, path string, flags exportFlags) error {
	format, err := pickFormat(flags.format)
	if err != nil {
		return err
	}
	wanted, err := readUsable(cmd, path)
	if err != nil {
		return err
	}
	vpc, err := pickVPC(wanted.plan, flags.vpc)
	if err != nil {
		return flags.withOut(flags.withMissing(err, format), format, &wanted.plan.VPCs[0])
	}
	dir, err := flags.dir(cmd, format, wanted.plan, vpc)
	var missing *formats.MissingError
	switch {
	case errors.As(err, &missing):
		return flags.withOut(err, format, vpc)
	case err != nil:
		return err
	}
	switch {
	case flags.check && flags.out == "":
		return hint.Add(errors.New("nothing to check"), "--out DIR, where the files are")
	case flags.check:
		return checkAll(cmd, []*exportdir.Dir{dir}, nil, flags.againAs(path, vpc.Name))
	case flags.out == "":
		return printFiles(cmd.OutOrStdout(), dir.Files, dir.Serials)
	default:
		return dir.Write(cmd.Context(), cmd.ErrOrStderr())
	}
}

// shapeNames returns what --shape takes.
func shapeNames() []string { return []string{string(zones.ShapePerName), string(zones.ShapeOneZone)} }

// completeExport has the shell complete the values of an export's flags.
func completeExport(cmd *cobra.Command) {
	// The flags were just defined, so that completion can be registered for them.
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("shape", cobra.FixedCompletions(shapeNames(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("server", cobra.NoFileCompletions)
	_ = cmd.RegisterFlagCompletionFunc("serial", cobra.NoFileCompletions)
	_ = cmd.MarkFlagDirname("out")
	_ = cmd.RegisterFlagCompletionFunc("set", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		format, _ := all.Named(cmd.Flags().Lookup("format").Value.String())
		var names []string
		for _, p := range format.Parameters {
			names = append(names, p.Name+"=")
		}
		return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// writes reports whether files are written, and not standard output.
func (f exportFlags) writes() bool {
	return !f.check && (f.out != "" || f.all || f.list != "")
}

// againAs returns what brings an export up to date.
func (f exportFlags) againAs(path, vpc string) string {
	return fmt.Sprintf("auralink export %s --vpc %s --format %s --out %s", path, vpc, f.format, f.out)
}

// wholeFiles are those of an export that make sense by themselves.
func wholeFiles(files iter.Seq[formats.File]) iter.Seq[formats.File] {
	return func(yield func(formats.File) bool) {
		for file := range files {
			if !file.Snippet && file.Name != exportdir.ViewName && !yield(file) {
				return
			}
		}
	}
}

// printFiles writes the one file of an export, but for snippets, which make no sense
// without files of their own. Several would be a stream that nothing loads: a second
// SOA ends a zone file.
func printFiles(w io.Writer, files iter.Seq[formats.File], serials exportdir.Serials) error {
	printed := 0
	for range wholeFiles(files) {
		if printed++; printed > 1 {
			return hint.Add(errSeveral, "--out DIR, where to write them")
		}
	}
	for file := range wholeFiles(files) {
		if err := file.Write(w, serials.Fresh()); err != nil {
			return fmt.Errorf("writing %s: %w", file.Name, err)
		}
	}
	return nil
}
