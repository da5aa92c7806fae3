package tools

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// Names is a plain list of names.
var Names = formats.Format{
	Name:    "names",
	Group:   formats.GroupTools,
	Summary: "a plain list of the names that have addresses, for scripts and for forms to fill in",
	Form:    "A line for each name, without its final dot; *. in front stands for all names below. The first line is a comment.",
	Limits:  "It has no addresses, and nothing loads it.",
	Write: func(v zones.View, _ formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name: "names.txt",
			Write: func(w io.Writer, _ uint32) error {
				out := bufio.NewWriter(w)
				fmt.Fprint(out, formats.Comment("#", "Names", v))
				for owner := range v.Owners() {
					fmt.Fprintln(out, dnsname.TrimDot(owner.Name))
				}
				return out.Flush() // the first error of all writes
			},
		}), nil
	},
}
