package records_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers/coredns"
)

// slips is how many slips of the pen the tests of slips make for each server. AURALINK_SLIPS has
// others: "SEED COUNT", for a search by hand.
const slips = 300

// starter is a server with its own check of a configuration.
type starter struct {
	file string
	// starts returns what is wrong with the file in a directory, or "" if the server starts.
	starts func(t *testing.T, dir string) string
	// beyond is of findings about what that does not look at.
	beyond string
	// usual are the messages about what is right, which say nothing of a slip.
	usual []string
}

var starters = []starter{
	{"named.conf", func(t *testing.T, dir string) string { return checkedBy(t, dir, "named-checkconf", "named.conf") }, "", nil},
	{"dnsmasq.conf", func(t *testing.T, dir string) string {
		return checkedBy(t, dir, "dnsmasq", "--test", "-C", "dnsmasq.conf")
	}, "cannot be smaller than min-port", nil},
	{"Corefile", func(t *testing.T, dir string) string {
		text, err := os.ReadFile(filepath.Join(dir, "Corefile"))
		if err != nil {
			t.Fatal(err)
		}
		err = coredns.Check(filepath.Join(dir, "Corefile"), string(text))
		switch {
		case err == nil, asksClouds.MatchString(err.Error()):
			return ""
		case strings.Contains(err.Error(), "no action found"):
			return notBuiltIn
		default:
			return err.Error()
		}
	}, "for the same port and addresses", nil}, // the check listens nowhere
}

// notBuiltIn is said of a plugin that the full build alone has.
const notBuiltIn = "the plugin is not built in"

// asksClouds matches why a plugin does not start whose words are right, where there is no cloud to ask.
var asksClouds = regexp.MustCompile(`^plugin/(azure|clouddns|kubernetes|nomad|route53).*(failed to (initialize|create|get)|credentials|no such host|MSI|KUBERNETES_SERVICE_HOST)`)

// checkedBy returns what a program says in a directory if it fails.
func checkedBy(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	need(t, name)
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err == nil {
		return ""
	}
	return err.Error() + ": " + string(out)
}

// TestStarts: a configuration that a server does not start with is told, and of one that it
// starts with that is not said. The lines of testdata/starting are configurations, with \n
// for the end of a line.
func TestStarts(t *testing.T) {
	for _, s := range starters {
		t.Run(s.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", "starting", s.file))
			if err != nil {
				t.Fatal(err)
			}
			dir := startingDir(t)
			for line := range strings.Lines(string(text)) {
				if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "##") {
					s.compare(t, dir, strings.ReplaceAll(line, `\n`, "\n")+"\n")
				}
			}
		})
	}
}

// TestSlips: of what a hand's slips make of a configuration the same holds.
func TestSlips(t *testing.T) {
	for _, s := range starters {
		t.Run(s.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", "starting", "right."+s.file))
			if err != nil {
				t.Fatal(err)
			}
			dir := startingDir(t)
			if s.usual = s.compare(t, dir, string(text)); t.Failed() {
				t.FailNow()
			}
			random, count := slipping(t)
			for range count {
				s.compare(t, dir, slipped(random, string(text)))
			}
		})
	}
}

// slipping returns what slips are drawn by, and how many.
func slipping(t *testing.T) (*rand.Rand, int) {
	seed, count := uint64(1), slips
	if wanted := os.Getenv("AURALINK_SLIPS"); wanted != "" {
		fields := strings.Fields(wanted)
		seed, count = uint64(atoi(t, fields[0])), atoi(t, fields[1])
	}
	return rand.New(rand.NewPCG(seed, seed)), count
}

// startingDir is a directory with the files that the configurations name.
func startingDir(t *testing.T) string {
	dir := t.TempDir()
	for name, zone := range checkedFiles {
		write(t, filepath.Join(dir, name), zone)
	}
	return dir
}

// compare compares what the server says of a configuration with what is read of it. It
// returns what is told beside the usual.
func (s starter) compare(t *testing.T, dir, text string) (told []string) {
	t.Helper()
	write(t, filepath.Join(dir, s.file), text)
	wrong := s.starts(t, dir)
	if wrong == notBuiltIn {
		return nil
	}
	set, err := existing.Options{}.Apart(filepath.Join(dir, s.file))
	var stops []string
	if err != nil {
		told = append(told, err.Error())
	} else {
		for _, f := range set.Set.Faults(nil, nil) {
			beyond := s.beyond != "" && strings.Contains(f.Message, s.beyond)
			if !slices.Contains(s.usual, f.Message) {
				told = append(told, f.Message)
			}
			if f.Kind == holdings.NotLoaded && strings.Contains(f.Message, "does not start") && !beyond {
				stops = append(stops, f.String())
			}
		}
	}
	switch {
	case wrong != "" && len(told) == 0:
		t.Errorf("nothing is told of\n%s\nof which the server says %s", text, wrong)
	case wrong == "" && len(stops) > 0:
		t.Errorf("the server starts with\n%s\nof which is told %q", text, stops)
	}
	return told
}

// slipped returns a text in which a character, a word or a line is left out, doubled, changed
// or transposed with the next one.
func slipped(random *rand.Rand, text string) string {
	between := []string{"", " ", "\n"}[random.IntN(3)]
	parts := strings.Split(text, between)
	i := random.IntN(len(parts) - 1)
	switch random.IntN(5) {
	case 4:
		return renumbered(random, text)
	case 0:
		parts = slices.Delete(parts, i, i+1)
	case 1:
		parts = slices.Insert(parts, i, parts[i])
	case 2:
		parts[i], parts[i+1] = parts[i+1], parts[i]
	default:
		odd := []string{"xyzzy", "}", "{", ";", `"`, "-1", "frobnicate yes", "=", "0"}
		parts = slices.Insert(parts, i, odd[random.IntN(len(odd))])
	}
	return strings.Join(parts, between)
}

// numbers matches those of a configuration.
var numbers = regexp.MustCompile(`[0-9]+`)

// renumbered returns a text with another number in the place of one.
func renumbered(random *rand.Rand, text string) string {
	all := numbers.FindAllStringIndex(text, -1)
	at := all[random.IntN(len(all))]
	others := []string{"0", "1", "65536", "4294967296", "99999999999", "-1", "1.5", "x"}
	return text[:at[0]] + others[random.IntN(len(others))] + text[at[1]:]
}

func atoi(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
