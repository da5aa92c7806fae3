// Package lab is a small Internet in this machine's memory: two regions of Aura, a
// VPC with private endpoints to both, an on-premises network behind it, a VPN with a
// real WireGuard tunnel, and a public network with public DNS, the console's origin
// and the regions' public addresses. Each host is a network namespace of its own, so
// that real programs run there unchanged: our server, drivers, resolvers, browsers.
//
//	            internet ─┬─ public DNS, console's origin
//	   203.0.113.0/24     ├─ public ingress of each region
//	                      ├─ laptop ══ WireGuard ══╗
//	                      └─ vpc (NAT)             ║
//	vpc 10.0.0.0/16 ──────┬─ app                   ║
//	                      ├─ dns: our server       ║
//	                      ├─ gateway ══════════════╝ 10.8.0.0/24
//	                      ├─ onprem 192.168.10.0/24
//	                      ├─ east: the private endpoints 10.10.10.10, 10.10.11.10
//	                      └─ west: the private endpoint 10.20.10.10
//
// All of it lives in namespaces of one process (networks, mounts, processes): when
// that process ends, however it ends, nothing is left. See [Enter].
//
// It needs Linux, root, and the programs ip (iproute2), wg (wireguard-tools) and nft
// (nftables).
package lab
