// Package exports holds the tests of what auralink exports, as it is loaded by the
// tools and the servers that it is written for.
package exports
