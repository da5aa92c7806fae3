package fastpath

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOrder: the numbers of our sockets follow from what was opened and closed, as
// the kernel has it (socket(7), SO_ATTACH_REUSEPORT_CBPF).
func TestOrder(t *testing.T) {
	for _, tc := range []struct {
		name         string
		order        order
		ours, others []int
	}{
		{"ours first", order{}.with(0, 1).reconcile(1), []int{0, 1}, []int{2}},
		{"theirs first", order{}.reconcile(2).with(0), []int{2}, []int{0, 1}},
		{"more of theirs", order{}.with(0).reconcile(1).reconcile(3), []int{0}, []int{1, 2, 3}},
		{"more of both", order{}.with(0).reconcile(1).with(1).reconcile(2), []int{0, 2}, []int{1, 3}},
		{"less of theirs", order{}.with(0, 1).reconcile(3).reconcile(1), []int{0, 1}, []int{2}},
		{"the first one closed", order{}.with(0, 1).reconcile(2).without(0), []int{1}, []int{0, 2}},
		{"the last one closed", order{}.with(0, 1).without(1), []int{0}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.ours, tc.order.numbers(0, MaxSockets)); diff != "" {
				t.Errorf("ours (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.others, tc.order.numbers(other, other)); diff != "" {
				t.Errorf("others (-want +got):\n%s", diff)
			}
		})
	}
}
