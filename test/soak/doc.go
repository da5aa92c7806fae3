// Package soak has tests only. They are chaos with a judge: two servers, three VPCs, a
// VPN's pool, an upstream and a secondary, each in a network of its own; clients that
// ask all the time; topologies that are written in all ways, whole and not; servers that
// get signals and lose their interfaces, disks that fill, and hostile clients beside.
//
// Each answer is judged by the set of plans that were valid and written as a whole up
// to then. An older one than the newest is stale, which is counted; one that never was,
// or that leads to another region or VPC, is wrong. "make soak SOAK=10m" takes longer.
package soak
