// Package kubernetes has the tests of the manifests in deploy/kubernetes: what kustomize
// makes of them, by Kubernetes's own types, OpenAPI and rules for pods. It is a module of
// its own, so that none of that comes with the plugin.
package kubernetes
