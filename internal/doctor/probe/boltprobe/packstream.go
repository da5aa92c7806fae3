package boltprobe

import "encoding/binary"

// This much of PackStream is needed to say HELLO and to read what comes back (Neo4j,
// "PackStream specification").

// structure returns a structure of encoded fields.
func structure(tag byte, fields ...[]byte) []byte {
	encoded := []byte{0xB0 | byte(len(fields)), tag}
	for _, field := range fields {
		encoded = append(encoded, field...)
	}
	return encoded
}

// text returns an encoded string of at most 255 octets.
func text(s string) []byte { return append([]byte{0xD0, byte(len(s))}, s...) }

// dictionary returns an encoded dictionary of at most 15 keys with encoded values.
func dictionary(pairs ...any) []byte {
	encoded := []byte{0xA0 | byte(len(pairs)/2)}
	for i := 0; i < len(pairs); i += 2 {
		encoded = append(encoded, text(pairs[i].(string))...)
		encoded = append(encoded, pairs[i+1].([]byte)...)
	}
	return encoded
}

// decoder reads encoded values.
type decoder struct {
	rest  []byte
	depth int
}

// maxDepth is how deep values may be nested.
const maxDepth = 8

// take returns the next n octets.
func (d *decoder) take(n int) ([]byte, bool) {
	if n < 0 || n > len(d.rest) {
		return nil, false
	}
	octets := d.rest[:n]
	d.rest = d.rest[n:]
	return octets, true
}

// number returns the next n octets as a number.
func (d *decoder) number(n int) (int, bool) {
	octets, ok := d.take(n)
	if !ok {
		return 0, false
	}
	var padded [8]byte
	copy(padded[8-n:], octets)
	return int(binary.BigEndian.Uint64(padded[:])), true
}

// structure reads the head of a structure.
func (d *decoder) structure() (tag byte, fields int, ok bool) {
	head, ok := d.take(2)
	if !ok || head[0]&0xF0 != 0xB0 {
		return 0, 0, false
	}
	return head[1], int(head[0] & 0x0F), true
}

// dictionary reads a dictionary.
func (d *decoder) dictionary() (map[string]any, bool) {
	value, ok := d.value()
	if !ok {
		return nil, false
	}
	members, ok := value.(map[string]any)
	return members, ok
}

// value reads any value. Those that matter to nobody are nil.
func (d *decoder) value() (any, bool) {
	if d.depth >= maxDepth {
		return nil, false
	}
	d.depth++
	defer func() { d.depth-- }()
	marker, ok := d.take(1)
	if !ok {
		return nil, false
	}
	m := marker[0]
	switch {
	case m < 0x80, m >= 0xF0, m == 0xC0, m == 0xC2, m == 0xC3: // small integers, null, booleans
		return nil, true
	case m&0xF0 == 0x80:
		return d.string(int(m & 0x0F))
	case m&0xF0 == 0x90:
		return d.list(int(m & 0x0F))
	case m&0xF0 == 0xA0:
		return d.members(int(m & 0x0F))
	case m >= 0xC8 && m <= 0xCB: // integers of 1, 2, 4 and 8 octets
		return d.skip(1 << (m - 0xC8))
	case m == 0xC1: // a float
		return d.skip(8)
	default:
		return d.sized(m)
	}
}

// sized reads a value whose length is in the octets that follow.
func (d *decoder) sized(marker byte) (any, bool) {
	kinds := map[byte]func(int) (any, bool){0xCC: d.skip, 0xD0: d.string, 0xD4: d.list, 0xD8: d.members}
	kind, known := kinds[marker&^3]
	octets := 1 << (marker & 3)
	if !known || octets > 4 {
		return nil, false
	}
	length, ok := d.number(octets)
	if !ok {
		return nil, false
	}
	return kind(length)
}

func (d *decoder) skip(n int) (any, bool) {
	_, ok := d.take(n)
	return nil, ok
}

func (d *decoder) string(n int) (any, bool) {
	octets, ok := d.take(n)
	return string(octets), ok
}

func (d *decoder) list(n int) (any, bool) {
	for range n {
		if _, ok := d.value(); !ok {
			return nil, false
		}
	}
	return nil, true
}

func (d *decoder) members(n int) (any, bool) {
	members := make(map[string]any)
	for range n {
		key, ok := d.value()
		if !ok {
			return nil, false
		}
		value, ok := d.value()
		name, isText := key.(string)
		if !ok || !isText {
			return nil, false
		}
		members[name] = value
	}
	return members, true
}
