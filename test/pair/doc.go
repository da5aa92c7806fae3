// Package pair has tests only. Two real servers have the same topology, and real NSD,
// Knot and BIND are secondaries of both: one of the two dies, a secondary is cut off, a
// server is upgraded, and what is counted is what clients and secondaries have then.
package pair
