package fastpath

import (
	"slices"

	"golang.org/x/net/bpf"
)

// filter is a program of the kernel's packet filter that says which socket of a
// group a packet is for: by number, in the order in which the sockets were bound.
// If there is none of that number the kernel takes any (socket(7),
// SO_ATTACH_REUSEPORT_CBPF). A nil filter is none: the kernel always takes any.
type filter []bpf.Instruction

// anySocket is a number that no socket has: a group never has so many.
const anySocket = 1<<32 - 1

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
	dice := filter{
		bpf.LoadExtension{Num: bpf.ExtRand},
		bpf.ALUOpConstant{Op: bpf.ALUOpMod, Val: uint32(len(numbers))},
	}
	switch n := len(numbers); {
	case n == 0:
		return filter{bpf.RetConstant{Val: anySocket}}
	case n == 1:
		return filter{bpf.RetConstant{Val: uint32(numbers[0])}}
	case numbers[n-1]-numbers[0] == n-1 && slices.IsSorted(numbers):
		return append(dice, bpf.ALUOpConstant{Op: bpf.ALUOpAdd, Val: uint32(numbers[0])}, bpf.RetA{})
	default:
		for thrown, number := range numbers {
			dice = append(dice,
				bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(thrown), SkipFalse: 1},
				bpf.RetConstant{Val: uint32(number)})
		}
		return append(dice, bpf.RetConstant{Val: anySocket}) // never reached
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
