package fastpath

import "slices"

// filter is a program of the kernel's packet filter that says which socket of a
// group a packet is for: by number, in the order in which the sockets were bound.
// If there is none of that number the kernel takes any (socket(7),
// SO_ATTACH_REUSEPORT_CBPF). A nil filter is none: the kernel always takes any.
type filter []instruction

// instruction is one of the classic packet filter (struct sock_filter).
type instruction struct {
	code   uint16
	jt, jf uint8
	k      uint32
}

// Instructions, and what they work on, from the kernel's linux/bpf_common.h and
// linux/filter.h.
const (
	opLoad      = 0x20 // BPF_LD|BPF_W|BPF_ABS
	opMod       = 0x94 // BPF_ALU|BPF_MOD|BPF_K
	opAdd       = 0x04 // BPF_ALU|BPF_ADD|BPF_K
	opJumpEqual = 0x15 // BPF_JMP|BPF_JEQ|BPF_K
	opReturn    = 0x06 // BPF_RET|BPF_K
	opReturnA   = 0x16 // BPF_RET|BPF_A

	random = 0xfffff000 + 56 // SKF_AD_OFF + SKF_AD_RANDOM

	anySocket = 1<<32 - 1 // no group has so many
)

// maxChoices bounds how many sockets a filter chooses from; the kernel takes
// 4096 instructions.
const maxChoices = 1024

// choose makes the filter that gives each packet to one of the sockets with
// these numbers, each equally often, or to any if there are none.
//
// It throws dice rather than to look at the packet: one busy resolver, which asks
// from one address, would otherwise have one loop to itself, or someone who chose
// his packets well could have them all at one.
func choose(numbers []int) filter {
	numbers = numbers[:min(len(numbers), maxChoices)]
	switch n := len(numbers); {
	case n == 0:
		return filter{{code: opReturn, k: anySocket}}
	case n == 1:
		return filter{{code: opReturn, k: uint32(numbers[0])}}
	case numbers[n-1]-numbers[0] == n-1 && slices.IsSorted(numbers):
		return filter{
			{code: opLoad, k: random},
			{code: opMod, k: uint32(n)},
			{code: opAdd, k: uint32(numbers[0])},
			{code: opReturnA},
		}
	default:
		f := filter{{code: opLoad, k: random}, {code: opMod, k: uint32(n)}}
		for i, number := range numbers {
			f = append(f,
				instruction{code: opJumpEqual, k: uint32(i), jf: 1},
				instruction{code: opReturn, k: uint32(number)})
		}
		return append(f, instruction{code: opReturn, k: anySocket}) // never reached
	}
}

// order is the sockets of a group, as the kernel numbers them: ours by their ids,
// from 0, and others.
type order []int

const other = -1

// with returns the order after further sockets were bound.
func (o order) with(ids ...int) order { return slices.Concat(o, ids) }

// without returns the order after the socket of that number was closed: the last
// one takes its place.
func (o order) without(number int) order {
	last := len(o) - 1
	left := slices.Clone(o)
	left[number] = left[last]
	return left[:last]
}

// numbers returns the numbers of the sockets whose ids are in a range.
func (o order) numbers(from, to int) []int {
	var numbers []int
	for number, id := range o {
		if from <= id && id <= to {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// reconcile returns the order with n sockets of others. Those that came were
// bound last. Which of them went cannot be known; taken from the end, they leave
// ours where they are, as it is wherever ours were first. Should it be wrong,
// packets are for the other server that could be for us, and none is lost.
func (o order) reconcile(n int) order {
	others := o.numbers(other, other)
	for ; len(others) > n; others = o.numbers(other, other) {
		o = o.without(others[len(others)-1])
	}
	return o.with(slices.Repeat([]int{other}, n-len(others))...)
}
