//go:build !cgo

package dnsprobe

// withCgo says that package net calls the C library's getaddrinfo.
const withCgo = false
