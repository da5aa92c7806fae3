// Package standin stands in for Aura's far side, the one thing that no test can
// have: what answers at the private endpoint of a region, and at its public address.
//
// A [Region] has databases and custom endpoints. An [Ingress] is one of its
// addresses: it takes TLS connections, picks the database by the server name that
// they begin with, and speaks HTTPS (the discovery document) at 443 and 7474, and
// Bolt, plain or in a WebSocket, at 7687. Of Bolt it has what the official drivers
// need: authentication, the routing table with a name for each server, transactions
// at readers and at the writer. Every query is answered with one record that says
// where it was run.
//
// What it does not do: it has no data and no Cypher, and how Aura's own ingress
// refuses what it does not know is not known. It ends such a connection with the
// alert unrecognized_name (RFC 6066, section 3), and is told otherwise by
// [Behaviour].
package standin
