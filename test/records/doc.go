// Package records has tests only. They load files as people write them into the
// servers that they are for, with a public DNS behind, and compare what these
// answer with what package internal/holdings makes of the same files.
package records
