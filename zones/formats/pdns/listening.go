package pdns

import "github.com/auralink/auralink/internal/holdings"

// usualAddress is where the Recursor listens where nothing is said.
const usualAddress = "127.0.0.1"

// listens tells where a server listens, by the setting that says it.
func listens(b *holdings.Builder, what string, where setting) {
	b.Listens(where.place, what, split(where.value, separators)...)
}
