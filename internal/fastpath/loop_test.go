package fastpath_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/fastpath"
)

func TestDispositions(t *testing.T) {
	for _, tc := range []struct{ name, query, want string }{
		{"answered", "hit 1", "HIT 1"},
		{"missed", "miss 1", "MISS 1 CLIENT"},
		{"dropped", "drop", ""},
		{"as long as can be", "hit" + strings.Repeat("x", fastpath.MaxQuery-3), "HIT" + strings.Repeat("x", fastpath.MaxQuery-3)},
		{"longer", "hit" + strings.Repeat("x", fastpath.MaxQuery), "HIT" + strings.Repeat("x", fastpath.MaxQuery-3)},
		{"client", "who", "CLIENT"},
	} {
		for _, host := range []string{"127.0.0.1", "::1"} {
			t.Run(tc.name+" over "+host, func(t *testing.T) {
				address := freePort(t, host)
				tenant := serve(t, address, 2)
				client := dial(t, address)
				got := strings.ReplaceAll(ask(t, client, tc.query), client.LocalAddr().String(), "CLIENT")
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("reply (-want +got):\n%s", diff)
				}
				want := fastpath.Counts{Received: 1}
				switch tc.name {
				case "missed":
					want.Missed = 1
				case "dropped":
					want.Dropped = 1
				default:
					want.Answered = 1
				}
				giveUp(tenant)
				if diff := cmp.Diff(want, tenant.Count()); diff != "" {
					t.Errorf("counts (-want +got):\n%s", diff)
				}
			})
		}
	}
}
