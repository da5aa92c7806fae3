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
	"unicode"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones/formats/all"
)

// revision is a topology file, as it was read.
type revision struct {
	path     string // as it was named
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
	r := revision{path: path, topology: t, plan: p, findings: findings.In(path), digest: acceptance.Of(text), todos: todoLines(text)}
	var invalid *topology.InvalidError
	if errors.As(err, &invalid) {
		err = &topology.InvalidError{Findings: r.findings}
	}
	if err != nil {
		return r, fmt.Errorf("topology %q: %w", path, err)
	}
	return r, nil
}

// addUnsaid adds to the findings what the topology leaves open, for those who are shown its
// plan.
func (r *revision) addUnsaid() {
	if r.topology == nil {
		return
	}
	r.findings = append(r.findings, r.topology.Unsaid.In(r.path)...)
	r.findings.Sort()
}

// pathInHints returns how commands in hints name the topology: not at all where they find
// it by themselves, and in general where its path would need quotes.
func (r revision) pathInHints() string {
	switch {
	case r.path == defaultTopology:
		return ""
	case r.path == stdin || strings.ContainsFunc(r.path, needsQuotes):
		return "TOPOLOGY"
	default:
		return r.path
	}
}

// needsQuotes reports whether a character is more than itself to a shell, or nothing that
// is seen.
func needsQuotes(c rune) bool {
	return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("./_-+,:@%", c)
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
	return isFile(arg)
}

// hintPath adds to the error for a topology that is not there which one may be meant.
func hintPath(cmd *cobra.Command, path string, err error) error {
	if info, broken := os.Stat(path); broken == nil && info.IsDir() {
		return hint.Add(err, inDirectory(path))
	}
	if !errors.Is(err, fs.ErrNotExist) || nearPath(err) != "" {
		return err
	}
	if path == "help" {
		return hint.Add(err, "auralink help "+cmd.Name())
	}
	if path == defaultTopology {
		return hint.Add(err, "name the topology: "+cmd.UseLine()+"; auralink init writes a first one")
	}
	if flag := flagMeant(cmd, defaultTopology, path); flag != "" {
		return hint.Add(err, fmt.Sprintf("a topology is a file; did you mean \"--%s %s\"?", flag, path))
	}
	return err
}

// flagMeant returns the flag whose value was meant by what is the path of no topology: a
// format, or a VPC of another one.
func flagMeant(cmd *cobra.Command, path, word string) string {
	if _, is := all.Named(word); is && cmd.Flags().Lookup("format") != nil {
		return "format"
	}
	if cmd.Flags().Lookup("vpc") == nil || path == stdin || !isFile(path) {
		return ""
	}
	if r, err := readRevision(cmd, path); err == nil {
		if _, is := r.plan.VPC(word); is {
			return "vpc"
		}
	}
	return ""
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
	if existing.IsURL(path) {
		return nil, hint.Add(fmt.Errorf("%s is a URL, and a topology is read from a file", existing.Shown(path)), "fetch it first, and name the file; or - for standard input")
	}
	input, err := openInput(cmd, path)
	if err != nil {
		return nil, err
	}
	defer input.Close()
	return io.ReadAll(io.LimitReader(input, topology.MaxOctets+1))
}

// readUsable is readRevision for commands that need a plan. It prints warnings to
// standard error, and how many notes there are: what a text was taken for is for who writes it.
func readUsable(cmd *cobra.Command, path string) (revision, error) {
	r, err := readRevision(cmd, path)
	if err != nil {
		return r, err
	}
	beyond := r.findings.Beyond()
	fmt.Fprint(cmd.ErrOrStderr(), beyond.Report())
	if n := len(r.findings) - len(beyond); n > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s has %s: auralink plan shows what\n", path, spell.Count(n, "note"))
	}
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
var todoLine = regexp.MustCompile(`^\s*#\s*TODO:`)

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

// vpcFlag adds --vpc to a command, which completes the VPCs of the topology.
func vpcFlag(cmd *cobra.Command, into *string, usage string) {
	cmd.Flags().StringVar(into, "vpc", "", usage)
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("vpc", completeVPCs)
}
