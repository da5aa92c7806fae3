//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
)

// The markers between which a file has what was tried.
const (
	begin = "<!-- by make lab-readme -->\n```console\n"
	end   = "```\n<!-- end -->\n"
)

// rewrite puts what is printed between the markers of a file.
func rewrite(path string, write func(io.Writer) error) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%q has not the lines %q and %q", path, begin, end)
	}
	var printed bytes.Buffer
	if err := write(&printed); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(before+begin+printed.String()+end+after), 0o644)
}
