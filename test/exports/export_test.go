package exports_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// export is what a format wrote for a view.
type export struct {
	view  zones.View
	files map[string]string // name → content
}

// exportOf writes a view in a format. False means that the format refuses it.
func exportOf(t *testing.T, view zones.View, format string, options formats.Options) (export, bool) {
	t.Helper()
	f, ok := all.Named(format)
	if !ok {
		t.Fatalf("there is no format %s", format)
	}
	files, err := f.Files(view, options)
	var refusal *formats.Refusal
	if errors.As(err, &refusal) {
		return export{}, false
	}
	if err != nil {
		t.Fatal(err)
	}
	e := export{view: view, files: make(map[string]string)}
	for file := range files {
		var text strings.Builder
		if err := file.Write(&text, 1); err != nil {
			t.Fatal(err)
		}
		e.files[file.Name] = text.String()
	}
	return e, true
}
