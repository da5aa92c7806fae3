package main

import "github.com/auralink/auralink/internal/acceptance"

// accepted returns the line by which a server takes a text in the place of another
// one; "" where the two are the same.
func accepted(before, after acceptance.Digest) string {
	if before == after {
		return ""
	}
	return acceptance.Acceptance{From: before, To: after}.String()
}
