// Package existing tests package internal/existing against real name servers, and
// against our own.
package existing
