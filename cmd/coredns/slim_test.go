//go:build !full

package main

// leftOut lists the standard plugins that the slim build does without, in
// CoreDNS's order. plugins_slim.go says why.
var leftOut = []string{
	"trace", "route53", "azure", "clouddns", "k8s_external", "kubernetes", "etcd", "grpc", "nomad",
}
