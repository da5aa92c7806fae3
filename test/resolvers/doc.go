// Package resolvers has tests only. They have those ask our server who do so in real
// life: other resolvers that send questions on, and the libraries and tools of a host
// that has two name servers in resolv.conf. All of it happens in a network of its own,
// where port 53 is free.
package resolvers
