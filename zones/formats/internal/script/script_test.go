package script_test

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/auralink/auralink/zones/formats/internal/script"
)

func TestWrite(t *testing.T) {
	const text = "#!/bin/sh\nname='@NAME@-@NAME@'\n#@ if SOME\nlist() {\n@LIST@\n}\n#@ end\n@LIST@\ndone\n"
	list := script.Each(slices.Values([]int{1, 2}), func(out *bufio.Writer, n int) { fmt.Fprintf(out, "echo %d\n", n) })
	none := script.Each(slices.Values([]int(nil)), func(*bufio.Writer, int) {})
	tests := []struct {
		name  string
		parts script.Parts
		want  string
	}{
		{"all of it", script.Parts{"NAME": "a", "SOME": true, "LIST": list}, "#!/bin/sh\nname='a-a'\nlist() {\necho 1\necho 2\n}\necho 1\necho 2\ndone\n"},
		{"without a part", script.Parts{"NAME": "a", "SOME": false, "LIST": list}, "#!/bin/sh\nname='a-a'\necho 1\necho 2\ndone\n"},
		{"no lines", script.Parts{"NAME": "@LIST@", "SOME": true, "LIST": none}, "#!/bin/sh\nname='@LIST@-@LIST@'\nlist() {\n}\ndone\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := script.Write(&out, text, tt.parts); err != nil {
				t.Fatal(err)
			}
			if out.String() != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", out.String(), tt.want)
			}
		})
	}
}

// TestWriteNothing: a place for which there is nothing is an error.
func TestWriteNothing(t *testing.T) {
	if err := script.Write(&bytes.Buffer{}, "a @PLACE@ b\n", nil); err == nil {
		t.Error("no error")
	}
}
