package pdns

import (
	"io"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// usualClients are those who may ask where nothing is said.
const usualClients = "127.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 192.168.0.0/16, 172.16.0.0/12, ::1/128, fc00::/7, fe80::/10"

// admissionsFile is admissions for a file with a range in each line.
func (c *recursor) admissionsFile(file setting) {
	var all []string
	if c.in.Follow(c.b, formats.Mention{What: "allow-from-file", Path: file.value, Place: file.place, Consequence: needed},
		func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
			return lines.Each(r, in.Name, func(line string, _ holdings.Place) error {
				line, _, _ = strings.Cut(line, "#")
				all = append(all, strings.TrimSpace(line))
				return nil
			})
		}) {
		c.admissions(setting{strings.Join(all, ","), file.place})
	}
}

// admissions notes whom the server refuses questions. Of the ranges that have a client the
// longest counts.
func (c *recursor) admissions(from setting) {
	var clients holdings.Clients
	for _, item := range split(from.value, ", \t") {
		text, not := strings.CutPrefix(item, "!")
		prefix, err := address.ParseRange(text)
		if err != nil {
			c.b.Unread(from.place, "allow-from is not read: %s is not a range of addresses", lines.Shown(item))
			return
		}
		clients = append(clients, holdings.ClientRange{Range: prefix, Not: not})
	}
	if len(clients) == 0 {
		return // everybody may ask
	}
	c.b.Admits(clients.LongestFirst(), ".", from.place, "allow-from refuses questions to "+holdings.SomeOrAll)
}
