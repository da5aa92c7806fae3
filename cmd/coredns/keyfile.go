package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/coredns/caddy/caddyfile"

	"github.com/auralink/auralink/internal/inputfile"
)

// maxText bounds what is read of a Corefile and of a file of keys, in octets.
const maxText = 64 << 20

// keyFilesMeant returns what is wrong with the files of keys that a server block names: tsig says of
// whatever it cannot take that the count of arguments is wrong. The path is that of the Corefile itself.
func keyFilesMeant(path string, block caddyfile.ServerBlock) []string {
	tokens := block.Tokens["tsig"]
	var hints []string
	for i := 1; i < len(tokens); i++ {
		property, value := tokens[i-1], tokens[i]
		if property.Text != "secrets" || property.Line != value.Line {
			continue
		}
		if wrong := keyFileWrong(value.Text); wrong != "" {
			hints = append(hints, fmt.Sprintf("%s:%d: tsig: the file of secrets %q %s", cmp.Or(value.File, path), value.Line, value.Text, wrong))
		}
	}
	return hints
}

// keyFileWrong says what is wrong with a file of keys, or "".
func keyFileWrong(name string) string {
	text, err := inputfile.Read(name, maxText)
	var of *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is not there"
	case errors.As(err, &of):
		return "cannot be read: " + of.Err.Error()
	case err != nil:
		return "cannot be read: " + err.Error()
	}
	if words := strings.Fields(string(text)); len(words) == 0 || words[0] == "key" {
		return ""
	}
	return "begins with another word than key: it has keys alone, as tsig-keygen writes them"
}
