package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// MistakenError is the error for a file with what somebody was given instead of what there
// is to be read: a message, a page to sign in, nothing.
type MistakenError struct {
	// What says what it is, in words that go behind the file's name and a colon.
	What string
	// Remedy says what to do.
	Remedy string
	// Failed says that a command failed whose output was wanted, or printed it in a form that
	// is not read: there is something that is not known. Else the file may be any.
	Failed bool
}

// Error implements error.
func (e *MistakenError) Error() string { return e.What }

const (
	again     = "run the command again, and look whether it ends well: its output alone belongs into the file"
	signedIn  = "is it signed in, and may it do this? Then run it again: its output alone belongs into the file"
	maxQuoted = 120 // of a message, in characters
)

// messages are what tools print in the place of what they were asked for, by the
// beginning of a line.
var messages = []struct {
	begins *regexp.Regexp
	of     string
}{
	{regexp.MustCompile(`^(aws: \[ERROR\]: )?An error occurred \(`), "the AWS command line"},
	{regexp.MustCompile(`^(aws: (\[ERROR\]|error): |Unable to locate credentials|Error (when retrieving|loading) |The (SSO session|config profile) |Could not connect to the endpoint|You must specify a region|Partial credentials found|SSL validation failed|Unable to parse config file|usage: aws )`), "the AWS command line"},
	{regexp.MustCompile(`^(ERROR|WARNING): \(gcloud`), "gcloud"},
	{regexp.MustCompile(`^(ERROR|WARNING|Error|error): `), "a program"},
	{regexp.MustCompile(`^(-?bash|sh|zsh|/bin/sh): .*(not found|No such file|Permission denied)`), "the shell"},
}

// apiError matches an object with an error alone, as APIs give it.
var apiError = regexp.MustCompile(`^\{\s*"(error|Error|errors|fault)"\s*:`)

// Mistaken returns what a file is that begins with a text, if it is nothing that anybody
// would want to have read; else nil.
func Mistaken(head []byte) *MistakenError {
	text := strings.TrimSpace(string(NewHead(head)))
	lower := strings.ToLower(text[:min(len(text), 200)])
	line, _, _ := strings.Cut(text, "\n")
	line = strings.TrimSpace(line)
	switch {
	case text == "":
		return &MistakenError{What: "it is empty", Remedy: again}
	case strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"):
		return &MistakenError{What: "it is a page of HTML, such as one to sign in", Remedy: "sign in, and fetch the file itself again"}
	case apiError.MatchString(text):
		return &MistakenError{What: "it is an error that an API gave: " + quoted(strings.Join(strings.Fields(text), " ")), Remedy: signedIn, Failed: true}
	case strings.HasPrefix(text, "<?xml") && strings.Contains(text, "<Error"):
		return &MistakenError{What: "it is an error that an API gave, in XML", Remedy: signedIn, Failed: true}
	}
	for _, m := range messages {
		if m.begins.MatchString(line) {
			return &MistakenError{What: fmt.Sprintf("it is a message of %s: %s", m.of, quoted(line)), Remedy: signedIn, Failed: true}
		}
	}
	if printed := printedForPeople(text); printed != nil {
		return printed
	}
	return inLanguage(text)
}

// quoted returns a message in quotes, and not all of a long one.
func quoted(text string) string {
	if runes := []rune(text); len(runes) > maxQuoted {
		text = string(runes[:maxQuoted]) + "..."
	}
	return fmt.Sprintf("%q", text)
}

// IsCut reports whether a file, of which this is all, is JSON that ends before it is whole.
func IsCut(all []byte) bool {
	if len(all) >= HeadSize || !NewHead(all).Document() {
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimSpace(all))) // a line feed would go on a text
	for {
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return errors.Is(err, io.ErrUnexpectedEOF)
		}
	}
}
