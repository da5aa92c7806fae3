// Package aura holds the tests that need Aura's far side: the official drivers, our
// server and commands, name servers of others and a browser, in a lab whose hosts are
// network namespaces of this machine.
//
// Those that take minutes run with AURALINK_LAB_LONG=1, as "make lab-test" does.
package aura
