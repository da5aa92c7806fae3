package pdns

import (
	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
)

// proxied notes the clients who are taken for proxies, which say in front of a question whose it is:
// other questions of theirs are not answered.
func proxied(b *holdings.Builder, what string, from setting) {
	var proxies holdings.Clients
	for _, item := range split(from.value, ", \t") {
		if prefix, err := address.ParseRange(item); err == nil {
			proxies = append(proxies, holdings.ClientRange{Range: prefix})
		}
	}
	if len(proxies) > 0 {
		b.Refuses(proxies, from.place, "proxy-protocol-from has %s take "+holdings.SomeOrAll+" for proxies, and answer no question that they ask themselves", what)
	}
}
