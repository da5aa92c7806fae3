// Package live tests package internal/live against real name servers, and against
// our own.
package live
