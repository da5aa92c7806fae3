package all_test

import (
	"io"
	"testing"

	"github.com/auralink/auralink/zones/formats/all"
)

// BenchmarkPolicy writes the rules of a response policy for 10,000 custom
// endpoints, each with five names.
func BenchmarkPolicy(b *testing.B) {
	format, _ := all.Named("gcp-response-policy")
	view := manyEndpoints(10_000)
	b.ReportAllocs()
	for b.Loop() {
		files, err := format.Files(view, options(format, ""))
		if err != nil {
			b.Fatal(err)
		}
		for file := range files {
			if err := file.Write(io.Discard, serial); err != nil {
				b.Fatal(err)
			}
		}
	}
}
