// Package apiserver has tests only. They apply the manifests of deploy/kubernetes to a
// real kube-apiserver with etcd, by kubectl. There is no kubelet: what is applied is
// kept, and not run.
package apiserver
