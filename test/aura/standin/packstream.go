package standin

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// structure is a PackStream structure: a tag and its fields. Messages are
// structures.
type structure struct {
	tag    byte
	fields []any
}

// appendValue appends a value in PackStream: nil, a bool, an int, a float64, a
// string, a list, a map or a structure. Anything else is a mistake of this package,
// and panics.
func appendValue(to []byte, value any) []byte {
	switch value := value.(type) {
	case nil:
		return append(to, 0xC0)
	case bool:
		if value {
			return append(to, 0xC3)
		}
		return append(to, 0xC2)
	case int:
		return binary.BigEndian.AppendUint64(append(to, 0xCB), uint64(value))
	case float64:
		return binary.BigEndian.AppendUint64(append(to, 0xC1), math.Float64bits(value))
	case string:
		return append(appendSize(to, len(value), 0x80, 0xD0), value...)
	case []any:
		to = appendSize(to, len(value), 0x90, 0xD4)
		for _, element := range value {
			to = appendValue(to, element)
		}
		return to
	case map[string]any:
		to = appendSize(to, len(value), 0xA0, 0xD8)
		for _, key := range slices.Sorted(maps.Keys(value)) {
			to = appendValue(appendValue(to, key), value[key])
		}
		return to
	case structure:
		to = append(to, 0xB0|byte(len(value.fields)), value.tag)
		for _, field := range value.fields {
			to = appendValue(to, field)
		}
		return to
	default:
		panic(fmt.Sprintf("no PackStream for %T", value))
	}
}

// appendSize appends the head of a text, list or map: a small size shares an octet
// with the tiny marker; a larger one follows the marker of 8, 16 or 32 bits.
func appendSize(to []byte, size int, tiny, wide byte) []byte {
	switch {
	case size < 16:
		return append(to, tiny|byte(size))
	case size <= math.MaxUint8:
		return append(to, wide, byte(size))
	case size <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(to, wide+1), uint16(size))
	default:
		return binary.BigEndian.AppendUint32(append(to, wide+2), uint32(size))
	}
}

// errPackStream says that octets are no PackStream.
var errPackStream = errors.New("malformed PackStream")

// maxDepth bounds how deep values may be nested.
const maxDepth = 16

// reader reads values from the octets of one message.
type reader struct {
	rest  []byte
	depth int
}

// take returns the next n octets.
func (r *reader) take(n int) ([]byte, error) {
	if n < 0 || n > len(r.rest) {
		return nil, errPackStream
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken, nil
}

// uint reads an unsigned number of some octets.
func (r *reader) uint(octets int) (uint64, error) {
	taken, err := r.take(octets)
	var n uint64
	for _, b := range taken {
		n = n<<8 | uint64(b)
	}
	return n, err
}

// value reads one value.
func (r *reader) value() (any, error) {
	if r.depth++; r.depth > maxDepth {
		return nil, errPackStream
	}
	defer func() { r.depth-- }()
	head, err := r.take(1)
	if err != nil {
		return nil, err
	}
	marker := head[0]
	switch marker & 0xF0 {
	case 0x80:
		return r.text(int(marker & 0x0F))
	case 0x90:
		return r.list(int(marker & 0x0F))
	case 0xA0:
		return r.dictionary(int(marker & 0x0F))
	case 0xB0:
		return r.structure(int(marker & 0x0F))
	case 0xC0:
		return r.scalar(marker)
	case 0xD0:
		return r.sized(marker)
	}
	return int(int8(marker)), nil // a tiny number is its own marker
}

func (r *reader) scalar(marker byte) (any, error) {
	switch marker {
	case 0xC0:
		return nil, nil
	case 0xC1:
		bits, err := r.uint(8)
		return math.Float64frombits(bits), err
	case 0xC2, 0xC3:
		return marker == 0xC3, nil
	case 0xC8:
		n, err := r.uint(1)
		return int(int8(n)), err
	case 0xC9:
		n, err := r.uint(2)
		return int(int16(n)), err
	case 0xCA:
		n, err := r.uint(4)
		return int(int32(n)), err
	case 0xCB:
		n, err := r.uint(8)
		return int(n), err
	case 0xCC, 0xCD, 0xCE: // octets, as a text
		n, err := r.uint(1 << (marker - 0xCC))
		if err != nil {
			return nil, err
		}
		return r.text(int(n))
	}
	return nil, errPackStream
}

// sized reads what has its size in octets of its own.
func (r *reader) sized(marker byte) (any, error) {
	const forms = 4 // 8, 16, 32 bits, and none
	if (marker-0xD0)%forms == forms-1 || marker > 0xDA {
		return nil, errPackStream
	}
	size, err := r.uint(1 << ((marker - 0xD0) % forms))
	if err != nil {
		return nil, err
	}
	switch (marker - 0xD0) / forms {
	case 0:
		return r.text(int(size))
	case 1:
		return r.list(int(size))
	default:
		return r.dictionary(int(size))
	}
}

func (r *reader) text(size int) (any, error) {
	octets, err := r.take(size)
	return string(octets), err
}

func (r *reader) list(size int) (any, error) {
	var list []any
	for range size {
		element, err := r.value()
		if err != nil {
			return nil, err
		}
		list = append(list, element)
	}
	return list, nil
}

func (r *reader) dictionary(size int) (any, error) {
	dictionary := make(map[string]any)
	for range size {
		key, err := r.value()
		if err != nil {
			return nil, err
		}
		text, ok := key.(string)
		if !ok {
			return nil, errPackStream
		}
		if dictionary[text], err = r.value(); err != nil {
			return nil, err
		}
	}
	return dictionary, nil
}

func (r *reader) structure(size int) (any, error) {
	tag, err := r.take(1)
	if err != nil {
		return nil, err
	}
	s := structure{tag: tag[0]}
	for range size {
		field, err := r.value()
		if err != nil {
			return nil, err
		}
		s.fields = append(s.fields, field)
	}
	return s, nil
}
