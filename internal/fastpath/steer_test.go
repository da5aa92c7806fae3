package fastpath

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/bpf"
)

// TestChoose: sockets that are next to each other are chosen by arithmetic, others
// one by one; each has the same share of what is thrown.
func TestChoose(t *testing.T) {
	for _, tc := range []struct {
		numbers []int
		want    string
	}{
		{nil, "ret #4294967295"},
		{[]int{3}, "ret #3"},
		{[]int{0, 1}, "ld #rand; mod #2; add #0; ret a"},
		{[]int{4, 5, 6}, "ld #rand; mod #3; add #4; ret a"},
		{[]int{0, 2}, "ld #rand; mod #2; jneq #0,1; ret #0; jneq #1,1; ret #2; ret #4294967295"},
		{[]int{2, 1, 0}, "ld #rand; mod #3; jneq #0,1; ret #2; jneq #1,1; ret #1; jneq #2,1; ret #0; ret #4294967295"},
	} {
		if diff := cmp.Diff(tc.want, listing(choose(tc.numbers))); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tc.numbers, diff)
		}
	}
}

// TestChooseFits: the filter for any number of sockets is one that the kernel
// takes, which has at most 4096 instructions.
func TestChooseFits(t *testing.T) {
	numbers := make([]int, 2*maxChoices)
	for i := range numbers {
		numbers[i] = len(numbers) - i
	}
	program, err := bpf.Assemble(choose(numbers))
	if err != nil || len(program) > 4096 {
		t.Errorf("%d instructions, and the error %v", len(program), err)
	}
}

// listing shows a filter in the language of the kernel's bpf_asm.
func listing(f filter) string {
	var lines []string
	for _, in := range f {
		lines = append(lines, fmt.Sprint(in))
	}
	return strings.Join(lines, "; ")
}

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
