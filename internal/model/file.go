package model

import (
	"os"
	"testing"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
)

// ReadView returns the view of the first VPC of a topology in a file.
func ReadView(tb testing.TB, path string) zones.View {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	p, _, err := plan.Read(file)
	if err != nil {
		tb.Fatal(err)
	}
	return p.VPCs[0].View
}
