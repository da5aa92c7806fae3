package hint_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/auralink/auralink/internal/hint"
)

func TestHint(t *testing.T) {
	plain := errors.New("plain")
	inner := hint.Add(io.EOF, "inner")
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"none", plain, ""},
		{"one", inner, "inner"},
		{"wrapped", fmt.Errorf("reading: %w", inner), "inner"},
		{"two", hint.Add(inner, "outer"), "outer"},
	} {
		if got := hint.Of(tt.err); got != tt.want {
			t.Errorf("%s: hint %q, want %q", tt.name, got, tt.want)
		}
	}
	if !errors.Is(inner, io.EOF) || inner.Error() != io.EOF.Error() {
		t.Errorf("the error is %v, and not what it was", inner)
	}
}
