package records_test

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// TestStartableSlips: where a slip of the pen has a server refuse its configuration something is said of
// it, and where the server takes it nothing says that the server does not start.
func TestStartableSlips(t *testing.T) {
	for _, server := range startable {
		if server.slow {
			continue
		}
		t.Run(server.file, func(t *testing.T) {
			t.Parallel()
			need(t, server.check[0])
			dir := t.TempDir()
			if refused, said, out := server.judge(t, dir, server.base); refused || len(said) > 0 {
				t.Fatalf("without a slip: refused %v, said %q: %s", refused, said, out)
			}
			random, count := slipping(t)
			stopped := 0
			for range count {
				what, text := slipIn(random, server.base)
				refused, said, out := server.judge(t, dir, text)
				if refused {
					stopped++
				}
				server.compare(t, what, refused, said, out)
			}
			if stopped == 0 {
				t.Error("no slip has the server refuse its configuration")
			}
		})
	}
}

// compare compares what a server says with what is said of its configuration.
func (s startableServer) compare(t *testing.T, what string, refused bool, said []holdings.Fault, out string) {
	t.Helper()
	stopped := slices.IndexFunc(said, func(f holdings.Fault) bool {
		return f.Kind == holdings.NotLoaded && (s.beyond == "" || !strings.Contains(f.Message, s.beyond))
	})
	switch {
	case refused && len(said) == 0:
		t.Errorf("%s: nothing is said, but the server says %s", what, out)
	case !refused && stopped >= 0:
		t.Errorf("%s: the server takes it, but it is said that %s", what, said[stopped].Message)
	}
}

// judge has a server check a configuration, and reads it.
func (s startableServer) judge(t *testing.T, dir, text string) (refused bool, said []holdings.Fault, out string) {
	t.Helper()
	write(t, filepath.Join(dir, "z"), checkedFiles["z"])
	write(t, filepath.Join(dir, "named.conf"), "zone \"a\" { type master; file \"z\"; };\n")
	write(t, filepath.Join(dir, s.file), text)
	for name, its := range s.beside {
		writeBelow(t, filepath.Join(dir, name), its)
	}
	if s.around != "" {
		write(t, filepath.Join(dir, "around.conf"), strings.ReplaceAll(s.around, "DIR", dir))
	}
	check := slices.Clone(s.check)
	for i, arg := range check {
		if strings.Contains(arg, "PORT") {
			check[i] = strings.ReplaceAll(arg, "PORT", strconv.Itoa(int(peers.FreePort(t, peers.Loopback()).Port())))
		}
	}
	cmd := exec.Command(check[0], check[1:]...)
	cmd.Dir = dir
	answer, err := cmd.CombinedOutput()
	refused = err != nil
	found, err := existing.Options{Syntax: s.format}.Apart(filepath.Join(dir, s.file))
	if err != nil {
		return refused, []holdings.Fault{{Kind: holdings.NotRead, Note: holdings.Note{Message: err.Error()}}}, string(answer)
	}
	return refused, found.Set.Faults(nil, nil), string(answer)
}

// slipIn makes one slip of the pen in a text, in a character, a word or a line.
func slipIn(random *rand.Rand, text string) (what, slipped string) {
	all := strings.SplitAfter(text, "\n")
	i := random.IntN(len(all) - 1)
	for strings.TrimSpace(all[i]) == "" {
		i = random.IntN(len(all) - 1)
	}
	line := strings.TrimSuffix(all[i], "\n")
	at := random.IntN(len(line))
	words := strings.Split(line, " ")
	w := random.IntN(len(words))
	var kind string
	switch random.IntN(13) {
	case 0:
		kind, line = "a character is lost", line[:at]+line[at+1:]
	case 1:
		kind, line = "a character twice", line[:at+1]+line[at:]
	case 2:
		if at = max(at, 1); len(line) > at {
			kind, line = "two characters change places", line[:at-1]+line[at:at+1]+line[at-1:at]+line[at+1:]
		}
	case 3:
		kind, line = "a word is lost", strings.Join(slices.Delete(words, w, w+1), " ")
	case 4:
		kind, line = "a word twice", strings.Join(slices.Insert(words, w, words[w]), " ")
	case 5:
		other := random.IntN(len(words))
		words[w], words[other] = words[other], words[w]
		kind, line = "two words change places", strings.Join(words, " ")
	case 6:
		kind, line = "a word too many", strings.Join(slices.Insert(words, w, "xyzzy"), " ")
	case 7:
		kind, line = "in capitals", strings.ToUpper(line)
	case 8:
		kind, line = "a mark is lost", strings.Replace(line, string(`:"#-[]{};,=.`[random.IntN(12)]), "", 1)
	case 9:
		kind, line = "a line twice", line+"\n"+line
	case 10:
		kind, line = "a mark too many", line[:at]+string(`:"#-[]{};,=.' `[random.IntN(14)])+line[at:]
	case 11:
		if numbers.MatchString(line) {
			kind, line = "a number otherwise", renumbered(random, line)
		}
	default:
		all = all[:i+1]
		kind, line = "the end is lost", line[:at]
	}
	end := "\n"
	if kind == "the end is lost" {
		end = ""
	}
	all = slices.Clone(all)
	all[i] = line + end
	return fmt.Sprintf("line %d: %s: %q", i+1, kind, line), strings.Join(all, "")
}
