// Package matrix has tests only. They hold that each client has the answers of its own
// VPC and of no other, whichever way it asks: by each transport, behind a balancer that
// speaks the PROXY protocol, and behind a resolver that sends EDNS client subnets; and
// that whoever only says that it is another client has its own.
//
// What is right is said by another name server: BIND, with a view for each range of
// clients, the longest first, and zones that the test writes by hand.
package matrix
