// Package hint adds to an error what to do about it.
package hint

import "errors"

// hinted is an error together with what to do, or what to type next.
type hinted struct {
	error
	hint string
}

// Unwrap returns the error without the hint.
func (e hinted) Unwrap() error { return e.error }

// Add returns the error with a hint. It says what the error says.
func Add(err error, hint string) error { return hinted{error: err, hint: hint} }

// Of returns the hint of an error, the outermost if there are several, or "".
func Of(err error) string {
	var e hinted
	if errors.As(err, &e) {
		return e.hint
	}
	return ""
}
