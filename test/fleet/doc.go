// Package fleet holds the tests of a fleet: real servers of ours that follow a real
// etcd, of which nodes are killed, cut off and brought back, while clients ask all the
// time. It is a module of its own, for it builds etcd and etcdctl.
package fleet
