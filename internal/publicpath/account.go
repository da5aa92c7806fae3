package publicpath

import (
	"cmp"
	"container/list"
	"net/netip"
	"slices"
	"sync"
	"time"
)

const (
	// MaxSubnets is how many subnets are told apart, by view and kind of name.
	MaxSubnets = 4096
	// maxTotals bounds the sums by view and kind; views come and go with topologies.
	maxTotals = 4096
	// forgetAfter is for how long a subnet is remembered that asks no more.
	forgetAfter = 90 * 24 * time.Hour
	// maxGap is for how long nobody may have kept account, for it to go on as if
	// somebody had: a restart.
	maxGap = time.Hour
	// window is the time for which nobody should have asked.
	window = 7 * 24 * time.Hour
)

// Asked is how often something was asked for, and when.
type Asked struct {
	Count       uint64    `json:"count"`
	First, Last time.Time `json:"-"`
}

// Who is who asks for what.
type Who struct {
	// Subnet is that of the clients.
	Subnet netip.Prefix
	// View is that of their VPC; "" for none.
	View string
	Kind Kind
}

// total is who asks, in all subnets together.
type total struct {
	view string
	kind Kind
}

// Entry is what is known of one who asks.
type Entry struct {
	Who
	Asked
	// Name is what was asked for last.
	Name string
}

// Account has who asks for names that lead to Aura by public DNS. It is safe for
// concurrent use.
type Account struct {
	mu      sync.Mutex
	begun   time.Time // since when account is kept without a gap
	entries map[Who]*list.Element
	recent  *list.List // of *Entry: who asked last is in front
	totals  map[total]*Asked
	// left are those that were taken out to make room.
	left    Asked
	changed bool
}

// New makes an account that begins at a time.
func New(now time.Time) *Account {
	return &Account{begun: now, entries: make(map[Who]*list.Element), recent: list.New(), totals: make(map[total]*Asked)}
}

// Note takes in a question. Where there is no more room, whoever has not asked for the
// longest time is counted among those that are left out.
func (a *Account) Note(who Who, name string, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changed = true
	sum := total{who.View, who.Kind}
	if a.totals[sum] == nil && len(a.totals) < maxTotals {
		a.totals[sum] = &Asked{First: now}
	}
	if t := a.totals[sum]; t != nil {
		t.add(1, now)
	}
	if element, known := a.entries[who]; known {
		entry := element.Value.(*Entry)
		entry.add(1, now)
		entry.Name = name
		a.recent.MoveToFront(element)
		return
	}
	if len(a.entries) >= MaxSubnets {
		a.leaveOut(a.recent.Back())
	}
	a.entries[who] = a.recent.PushFront(&Entry{Who: who, Asked: Asked{Count: 1, First: now, Last: now}, Name: name})
}

func (t *Asked) add(count uint64, last time.Time) {
	t.Count += count
	if last.After(t.Last) {
		t.Last = last
	}
}

// leaveOut takes an entry out to make room.
func (a *Account) leaveOut(element *list.Element) {
	entry := a.recent.Remove(element).(*Entry)
	delete(a.entries, entry.Who)
	if a.left.Count == 0 || entry.First.Before(a.left.First) {
		a.left.First = entry.First
	}
	a.left.add(entry.Count, entry.Last)
}

// forget takes out all who have not asked for long.
func (a *Account) forget(now time.Time) {
	for element := a.recent.Back(); element != nil && now.Sub(element.Value.(*Entry).Last) > forgetAfter; element = a.recent.Back() {
		delete(a.entries, a.recent.Remove(element).(*Entry).Who)
	}
	for sum, t := range a.totals {
		if now.Sub(t.Last) > forgetAfter {
			delete(a.totals, sum)
		}
	}
}

// Total is how often clients of a view have asked for a kind of names.
type Total struct {
	View string
	Kind Kind
	Asked
}

// Summary is what there is to know at a time.
type Summary struct {
	// Begun is since when account is kept without a gap.
	Begun time.Time
	// Totals are sorted by view and kind.
	Totals []Total
	// Subnets is how many have asked within seven days, of those that are told apart.
	Subnets int
	// Left are those that had to be left out.
	Left Asked
}

// Summary returns what there is to know.
func (a *Account) Summary(now time.Time) Summary {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forget(now)
	s := Summary{Begun: a.begun, Left: a.left}
	for sum, t := range a.totals {
		s.Totals = append(s.Totals, Total{sum.view, sum.kind, *t})
	}
	slices.SortFunc(s.Totals, func(x, y Total) int { return cmp.Or(cmp.Compare(x.View, y.View), cmp.Compare(x.Kind, y.Kind)) })
	subnets := make(map[netip.Prefix]bool)
	for _, entry := range a.sorted() {
		if now.Sub(entry.Last) <= window {
			subnets[entry.Subnet] = true
		}
	}
	s.Subnets = len(subnets)
	return s
}

// Entries returns all who are told apart, who asked last first.
func (a *Account) Entries() []Entry {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sorted()
}

func (a *Account) sorted() (entries []Entry) {
	for element := a.recent.Front(); element != nil; element = element.Next() {
		entries = append(entries, *element.Value.(*Entry))
	}
	return entries
}
