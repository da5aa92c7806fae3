package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
)

// revision is a topology file, as it was read.
type revision struct {
	topology *topology.Topology
	plan     *plan.Plan
	findings topology.Findings
	digest   acceptance.Digest
	todos    []int // lines with TODO
}

// readRevision reads the topology file at path, and plans it. The path "-" is standard
// input. If the topology is invalid, the revision returned with the error has the
// findings.
func readRevision(cmd *cobra.Command, path string) (revision, error) {
	text, err := readText(cmd, path)
	if err != nil {
		return revision{}, hintPath(cmd, path, fmt.Errorf("reading topology: %w", err))
	}
	return parseRevision(path, text)
}

// parseRevision plans a topology that was read from somewhere, which the errors and the
// findings name.
func parseRevision(path string, text []byte) (revision, error) {
	t, p, findings, err := plan.ReadTopology(bytes.NewReader(text))
	r := revision{topology: t, plan: p, findings: findings.In(path), digest: acceptance.Of(text), todos: todoLines(text)}
	var invalid *topology.InvalidError
	if errors.As(err, &invalid) {
		err = &topology.InvalidError{Findings: r.findings}
	}
	if err != nil {
		return r, fmt.Errorf("topology %q: %w", path, err)
	}
	return r, nil
}

// defaultTopology is read where no topology is named.
const defaultTopology = "topology.yaml"

// topologyIn returns the topology of a command line that need not name one.
func topologyIn(args []string) string {
	if len(args) == 0 {
		return defaultTopology
	}
	return args[0]
}

// looksLikeTopology reports whether an argument is more likely a file, or standard
// input, than a word or a name.
func looksLikeTopology(arg string) bool {
	if arg == stdin || strings.Contains(arg, "/") && !strings.Contains(arg, "://") {
		return true
	}
	switch filepath.Ext(arg) {
	case ".yaml", ".yml", ".json":
		return true
	}
	info, err := os.Stat(arg)
	return err == nil && info.Mode().IsRegular()
}

// hintPath adds to the error for a topology that is not there which one may be meant.
func hintPath(cmd *cobra.Command, path string, err error) error {
	if path == defaultTopology && errors.Is(err, fs.ErrNotExist) && nearPath(err) == "" {
		return hint.Add(err, "name the topology: "+cmd.UseLine())
	}
	return err
}

// nearPath asks whether a file or a directory is meant that is there, where an error says
// that one is not; else it is "".
func nearPath(err error) string {
	var missing *fs.PathError
	if !errors.As(err, &missing) || !errors.Is(missing, fs.ErrNotExist) {
		return ""
	}
	entries, _ := os.ReadDir(filepath.Dir(missing.Path)) // none are no help
	var names []string
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, entry.Name())
		}
	}
	return spell.DidYouMean(filepath.Base(missing.Path), names)
}

// onceFromStdin refuses to read standard input as two things.
func onceFromStdin(paths []string) error {
	n := 0
	for _, path := range paths {
		if path == stdin {
			n++
		}
	}
	if n > 1 {
		return hint.Add(errors.New("standard input cannot be two files"), "\"-\" once, and a file's name for the other")
	}
	return nil
}

// readText reads a file, or standard input. It reads at most one octet more than a
// topology may have, which tells that a text is too large.
func readText(cmd *cobra.Command, path string) ([]byte, error) {
	input := cmd.InOrStdin()
	if existing.IsURL(path) {
		return nil, hint.Add(fmt.Errorf("%s is a URL, and a topology is read from a file", existing.Shown(path)), "fetch it first, and name the file; or - for standard input")
	}
	if path != stdin {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		input = file
	}
	return io.ReadAll(io.LimitReader(input, topology.MaxOctets+1))
}

// readUsable is readRevision for commands that need a plan. It prints warnings to
// standard error.
func readUsable(cmd *cobra.Command, path string) (revision, error) {
	r, err := readRevision(cmd, path)
	if err != nil {
		return r, err
	}
	fmt.Fprint(cmd.ErrOrStderr(), r.findings.Report())
	return r, nil
}

// readBriefly is readUsable for commands that are run again and again, or beside another
// revision: what plan says at length is said in a line.
func readBriefly(cmd *cobra.Command, path string) (revision, error) {
	r, err := readRevision(cmd, path)
	if n := len(r.findings.Beyond()); err == nil && n > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s has %s: auralink plan shows what\n", path, spell.Count(n, "warning"))
	}
	return r, err
}

// todoLine matches a comment that says what is still to be done, as init writes it.
var todoLine = regexp.MustCompile(`^\s*#\s*TODO\b`)

// todoLines returns the lines of a text in which such a comment begins, from 1.
func todoLines(text []byte) []int {
	var lines []int
	n := 0
	for line := range bytes.Lines(text) {
		n++
		if todoLine.Match(line) {
			lines = append(lines, n)
		}
	}
	return lines
}

// tellTodos reminds of what is still to be done.
func (r revision) tellTodos(w io.Writer, path string) {
	if len(r.todos) == 0 {
		return
	}
	var lines []string
	for _, n := range r.todos {
		lines = append(lines, strconv.Itoa(n))
	}
	verb, where := "stand", "lines"
	if len(lines) == 1 {
		verb, where = "stands", "line"
	}
	fmt.Fprintf(w, "note: %s: %s still %s in it, in %s %s: do what each says, and take it away\n",
		path, spell.Count(len(lines), "comment")+" with TODO", verb, where, strings.Join(lines, ", "))
}

// pickVPC returns the VPC with that name; it need not be named if there is only
// one.
func pickVPC(p *plan.Plan, name string) (*plan.VPC, error) {
	if name == "" && len(p.VPCs) == 1 {
		return &p.VPCs[0], nil
	}
	if vpc, ok := p.VPC(name); ok {
		return vpc, nil
	}
	names := p.Names()
	err := fmt.Errorf("the topology has no VPC %q", name)
	if name == "" {
		err = fmt.Errorf("the topology has %d VPCs: which one", len(names))
	}
	list := "--vpc, one of: " + topology.Abridge(names, len(names))
	if question := spell.DidYouMean(name, names); question != "" {
		list = question + " " + list
	}
	return nil, hint.Add(err, list)
}

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

// vpcFlag adds --vpc to a command, which completes the VPCs of the topology.
func vpcFlag(cmd *cobra.Command, into *string, usage string) {
	cmd.Flags().StringVar(into, "vpc", "", usage)
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("vpc", completeVPCs)
}

// completeVPCs completes the name of a VPC, from the topology that the command line
// names so far.
func completeVPCs(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	path := topologyIn(args)
	if against := cmd.Flags().Lookup("against"); cmd.Name() == "audit" && against != nil {
		path = against.Value.String()
	}
	if path == "" {
		path = defaultTopology
	}
	if path == stdin {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	r, err := readRevision(cmd, path)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return r.plan.Names(), cobra.ShellCompDirectiveNoFileComp
}

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
		return hint.Add(err, among("-o", *into, names))
	}
}

// writeAnnotations writes what a host of repositories shows at lines of files; elsewhere is
// the file of what is at none.
func writeAnnotations(w io.Writer, format output, all []report.Annotation, elsewhere string) error {
	if format == outputGitLab {
		return report.WriteQuality(w, all, elsewhere)
	}
	return report.WriteAnnotations(w, all)
}
