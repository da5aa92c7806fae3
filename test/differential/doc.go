// Package differential has tests only. They load what auralink exports as zone
// files into real name servers, put the same questions to them and to our own
// server, and compare the answers section by section.
//
// The topologies and the questions are random, and follow from a seed that a
// failure names:
//
//	go test ./test/differential -seed 7 -topologies 1
package differential
