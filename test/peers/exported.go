package peers

import (
	"errors"
	"fmt"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// Exported returns the zones of a view as "auralink export --format bind" writes
// them, with the serial 1.
func Exported(view zones.View, shape zones.Shape) ([]Zone, error) {
	format, ok := all.Named("bind")
	if !ok {
		return nil, errors.New("there is no format bind")
	}
	files, err := format.Files(view, formats.Options{Shape: shape})
	if err != nil {
		return nil, err
	}
	var exported []Zone
	for file := range files {
		if file.Origin == "" {
			continue
		}
		var text strings.Builder
		if err := file.Write(&text, 1); err != nil {
			return nil, fmt.Errorf("writing %s: %w", file.Name, err)
		}
		exported = append(exported, Zone{Origin: file.Origin, Text: text.String()})
	}
	return exported, nil
}
