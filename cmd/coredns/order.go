package main

import (
	"fmt"
	"slices"
)

const (
	// directive is the plugin's name in a Corefile.
	directive = "auralink"

	// follower is the directive that ours stands immediately ahead of. The
	// cache has no client in its key: behind it, one VPC's answers would reach
	// another's clients. What has to see or refuse a query before it is answered
	// (prometheus, errors, log, tsig, rewrite, acl) stands ahead of the cache
	// already, and therefore of us.
	follower = "cache"
)

// order returns the standard directives, in their order, with ours put in
// immediately before the cache. It leaves standard as it is.
//
// It is an error for standard to lack the cache or to have our directive: an
// order that is not understood is not guessed at.
func order(standard []string) ([]string, error) {
	if slices.Contains(standard, directive) {
		return nil, fmt.Errorf("%q is in the standard order already", directive)
	}
	at := slices.Index(standard, follower)
	if at < 0 {
		return nil, fmt.Errorf("%q is not in the standard order", follower)
	}
	return slices.Insert(slices.Clone(standard), at, directive), nil
}
