// Package hosts is hosts files: hosts(5).
package hosts

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// Format is a hosts file.
var Format = formats.Format{
	Name:    "hosts",
	Group:   formats.GroupServers,
	Summary: "a hosts file (hosts(5)), for views without wildcards",
	Form: "A line for each name and address. Only the names of custom endpoints, and others that the topology spells out, " +
		"can stand in it.",
	Limits: "A view with wildcards is refused, and every orchestra is one: its servers' names cannot be known beforehand. With " +
		"partial=yes the file has the names that it can have and says which wildcards it lacks; names below them are " +
		"left to public DNS. Programs that ask DNS by themselves do not read the file. A program that asks for one " +
		"family alone, such as for IPv6 where a name has only IPv4 addresses here, does not find it in the file and asks " +
		"public DNS: so a public address leaks in. dnsmasq passes the types that are not in " +
		"it to public DNS: for dnsmasq there is a format of its own.",
	Parameters: []formats.Parameter{{
		Name:    "partial",
		Default: "no",
		Doc:     "yes to leave out wildcards, which a hosts file cannot have; no to refuse the view instead",
		Check:   checkYesNo,
	}},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		missing := wildcards(v)
		if len(missing) > 0 && o.Values["partial"] != "yes" {
			return nil, &formats.Refusal{
				Format: "hosts",
				Reason: fmt.Sprintf("a hosts file has no wildcards, and it needs %s", abridged(missing)),
				Instead: "the format unbound, dnsmasq or coredns; or partial=yes for the names that a hosts file can have, " +
					"where all others may go to public DNS",
			}
		}
		return formats.Files(formats.File{
			Name:  "hosts",
			Write: func(w io.Writer, _ uint32) error { return write(w, v, missing) },
		}), nil
	},
	Read:     read,
	Reads:    "hosts files (hosts(5)).",
	Detect:   detect,
	ReadBack: map[string]formats.Reader{"hosts": read},
}

var errYesNo = errors.New("is neither yes nor no")

func checkYesNo(value string) error {
	if value != "yes" && value != "no" {
		return errYesNo
	}
	return nil
}

// wildcards returns the view's wildcards, without final dots.
func wildcards(v zones.View) []string {
	var all []string
	for _, zone := range v.Zones {
		for _, owner := range zone.Owners {
			if strings.HasPrefix(owner.Name, "*.") {
				all = append(all, dnsname.TrimDot(owner.Name))
			}
		}
	}
	return all
}

// maxAbridged is how many names a sentence lists.
const maxAbridged = 3

// abridged lists the first few names in words.
func abridged(names []string) string {
	if len(names) <= maxAbridged {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:maxAbridged], ", "), len(names)-maxAbridged)
}

// maxMissing is how many wildcards a comment lists.
const maxMissing = 20

func write(w io.Writer, v zones.View, missing []string) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, formats.Comment("#", "Names", v))
	for i, wildcard := range missing {
		if i == maxMissing {
			fmt.Fprintf(out, "# MISSING: %s.\n", spell.Count(len(missing)-i, "more wildcard"))
			break
		}
		fmt.Fprintf(out, "# MISSING: %s, a wildcard. Names below it are left to public DNS.\n", wildcard)
	}
	for r := range v.Rules() {
		if r.At.Outcome == zones.Positive && !r.Implied {
			WriteLines(out, "", zones.Owner{Name: r.Name, Addresses: r.At.Addresses})
		}
	}
	return out.Flush() // the first error of all writes
}

// WriteLines writes a line of a hosts file for each of a name's addresses.
func WriteLines(out *bufio.Writer, indent string, owner zones.Owner) {
	for _, addr := range owner.Addrs {
		fmt.Fprintf(out, "%s%s %s\n", indent, addr, dnsname.TrimDot(owner.Name))
	}
}
