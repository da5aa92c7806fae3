package publicpath

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"time"
)

// line is one of a file: a JSON object each, so that people read it with what they have.
// The first one says since when, the others who.
type line struct {
	Auralink string       `json:"auralink,omitempty"`
	Begun    *time.Time   `json:"begun,omitempty"`
	Saved    *time.Time   `json:"saved,omitempty"`
	LeftOut  bool         `json:"left_out,omitempty"`
	Total    bool         `json:"total,omitempty"`
	Subnet   netip.Prefix `json:"subnet,omitzero"`
	VPC      string       `json:"vpc,omitempty"`
	Kind     Kind         `json:"kind,omitempty"`
	Count    uint64       `json:"count,omitempty"`
	First    *time.Time   `json:"first,omitempty"`
	Last     *time.Time   `json:"last,omitempty"`
	Name     string       `json:"name,omitempty"`
}

// title is what the first line says the file is.
const title = "who reaches Aura by public DNS"

func (l line) with(t Asked) line {
	first, last := t.First.UTC(), t.Last.UTC()
	l.Count, l.First, l.Last = t.Count, &first, &last
	return l
}

func (l line) asked() (Asked, bool) {
	if l.Count == 0 || l.First == nil || l.Last == nil {
		return Asked{}, false
	}
	return Asked{l.Count, *l.First, *l.Last}, true
}

// Changed reports whether the account has changed since it was encoded the last time.
func (a *Account) Changed() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.changed
}

// Encode returns the account as a file.
func (a *Account) Encode(now time.Time) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forget(now)
	begun, saved := a.begun.UTC(), now.UTC()
	lines := []line{{Auralink: title, Begun: &begun, Saved: &saved}}
	if a.left.Count > 0 {
		lines = append(lines, line{LeftOut: true}.with(a.left))
	}
	for sum, t := range a.totals {
		lines = append(lines, line{Total: true, VPC: sum.view, Kind: sum.kind}.with(*t))
	}
	for _, e := range a.sorted() {
		lines = append(lines, line{Subnet: e.Subnet, VPC: e.View, Kind: e.Kind, Name: e.Name}.with(e.Asked))
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for _, l := range lines {
		if err := encoder.Encode(l); err != nil {
			panic("publicpath: " + err.Error()) // never: there are only values that can be
		}
	}
	a.changed = false
	return out.Bytes()
}

// Decode returns the account of a file. Where nobody has kept account for more than an
// hour since, it begins anew, with what is known.
func Decode(file []byte, now time.Time) (*Account, error) {
	a := New(now)
	scanner := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; scanner.Scan(); n++ {
		var l line
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if n == 1 {
			if l.Auralink != title || l.Begun == nil || l.Saved == nil {
				return nil, fmt.Errorf("line 1 does not say %q, begun and saved", title)
			}
			if gap := now.Sub(*l.Saved); gap >= 0 && gap <= maxGap {
				a.begun = *l.Begun
			}
			continue
		}
		if err := a.take(l); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, err
	}
	if len(file) == 0 {
		return nil, fmt.Errorf("it is empty")
	}
	return a, nil
}

// take takes in a line but the first. Lines of subnets are in order, who asked last first.
func (a *Account) take(l line) error {
	asked, ok := l.asked()
	switch {
	case !ok:
		return fmt.Errorf("count, first or last is missing")
	case l.LeftOut:
		a.left = asked
	case l.Total:
		a.totals[total{l.VPC, l.Kind}] = &asked
	case !l.Subnet.IsValid():
		return fmt.Errorf("the subnet is missing")
	default:
		who := Who{l.Subnet, l.VPC, l.Kind}
		if a.entries[who] != nil || len(a.entries) >= MaxSubnets {
			return fmt.Errorf("there are too many")
		}
		a.entries[who] = a.recent.PushBack(&Entry{Who: who, Asked: asked, Name: l.Name})
	}
	return nil
}
