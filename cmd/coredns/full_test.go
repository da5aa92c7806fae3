//go:build full

package main

// leftOut is empty: the full build has every standard plugin.
var leftOut []string
