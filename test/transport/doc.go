// Package transport has tests only. They ask our own server over every way a
// question can come by: UDP, TCP, DNS over TLS (RFC 7858) and DNS over HTTPS (RFC
// 8484), in all sizes and in no shape at all.
package transport
