package peers

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Example is a Corefile that the repository shows to its readers.
type Example struct {
	Name     string // the file, and which of its Corefiles
	Corefile string
}

// fenced is a Corefile in a Markdown file.
var fenced = regexp.MustCompile("(?ms)^(?:~~~|```) *corefile\n(.*?)^(?:~~~|```)$")

// Examples returns all Corefiles that a repository shows: those of its README, of the
// plugin's and of its other documents, and the one that is a file. The first two have
// some, else something is wrong with them.
func Examples(repository string) ([]Example, error) {
	documents, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil {
		return nil, err
	}
	decisions, err := filepath.Glob(filepath.Join(repository, "docs", "*", "*.md"))
	if err != nil {
		return nil, err
	}
	must := []string{filepath.Join(repository, "README.md"), filepath.Join(repository, "plugin", "auralink", "README.md")}
	var examples []Example
	for i, path := range append(append(must, documents...), decisions...) {
		found, err := fencedIn(repository, path)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 && i < len(must) {
			return nil, fmt.Errorf("%s has no Corefile", path)
		}
		examples = append(examples, found...)
	}
	text, err := os.ReadFile(filepath.Join(repository, "Corefile.example"))
	if err != nil {
		return nil, err
	}
	return append(examples, Example{Name: "Corefile.example", Corefile: string(text)}), nil
}

// PairTopology is the topology that comes with Corefile.pair.example, and TransferKey a key as
// that one reads.
const (
	PairTopology = "topology.pair.example.yaml"
	TransferKey  = "key \"transfer\" {\n\talgorithm hmac-sha256;\n\tsecret \"NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk=\";\n};\n"
)

// Shipped returns the Corefiles of a repository that are files, for servers that stay.
func Shipped(repository string) (examples []Example, err error) {
	for _, name := range []string{
		"Corefile.vpn.example", "Corefile.pair.example", "deploy/package/Corefile", "deploy/kubernetes/base/Corefile", "deploy/kubernetes/components/sidecar/Corefile",
	} {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			return nil, err
		}
		examples = append(examples, Example{Name: name, Corefile: string(text)})
	}
	return examples, nil
}

func fencedIn(repository, path string) ([]Example, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	name := strings.TrimPrefix(path, repository+string(filepath.Separator))
	var examples []Example
	for i, match := range fenced.FindAllSubmatch(text, -1) {
		examples = append(examples, Example{Name: fmt.Sprintf("%s/%d", name, i), Corefile: string(match[1])})
	}
	return examples, nil
}
