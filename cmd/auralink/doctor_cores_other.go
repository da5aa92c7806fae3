//go:build !unix

package main

// withoutCores does nothing where processes leave no core dumps behind.
func withoutCores() {}
