package records_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding/unicode"
)

// encodings are what editors and shells of Windows make of a text.
var encodings = map[string]func(text string) (string, error){
	"a mark": func(text string) (string, error) { return "\ufeff" + text, nil },
	"UTF-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String,
}

// TestEncodings: a configuration that begins with a mark of its encoding, or is UTF-16, is
// told where the server does not start with it, and not where it does.
func TestEncodings(t *testing.T) {
	for name, encode := range encodings {
		encoded := func(t *testing.T, text string) string {
			t.Helper()
			text, err := encode(text)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		for _, s := range starters {
			t.Run(name+"/"+s.file, func(t *testing.T) {
				text, err := os.ReadFile(filepath.Join("testdata", "starting", "right."+s.file))
				if err != nil {
					t.Fatal(err)
				}
				dir := startingDir(t)
				s.usual = s.compare(t, dir, string(text))
				s.compare(t, dir, encoded(t, string(text)))
			})
		}
		for _, s := range startable {
			t.Run(name+"/"+s.file, func(t *testing.T) {
				need(t, s.check[0])
				text := encoded(t, s.base)
				refused, said, out := s.judge(t, t.TempDir(), text)
				s.compare(t, name, refused, said, out)
			})
		}
	}
}
