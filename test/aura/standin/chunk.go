package standin

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// maxMessage bounds a message, in octets.
const maxMessage = 1 << 20

// readMessage reads a message: chunks, each behind its length in 16 bits, and a
// chunk of none behind the last. A chunk of none in front of a message is there to
// keep the connection alive.
func readMessage(from io.Reader) (structure, error) {
	var octets []byte
	for {
		var head [2]byte
		if _, err := io.ReadFull(from, head[:]); err != nil {
			return structure{}, err
		}
		size := int(binary.BigEndian.Uint16(head[:]))
		if size == 0 && len(octets) == 0 {
			continue
		}
		if size == 0 {
			break
		}
		if len(octets)+size > maxMessage {
			return structure{}, errors.New("a message of more than 1 MiB")
		}
		at := len(octets)
		octets = append(octets, make([]byte, size)...)
		if _, err := io.ReadFull(from, octets[at:]); err != nil {
			return structure{}, err
		}
	}
	r := reader{rest: octets}
	value, err := r.value()
	if err != nil {
		return structure{}, err
	}
	message, ok := value.(structure)
	if !ok || len(r.rest) > 0 {
		return structure{}, fmt.Errorf("a message that is no structure: %w", errPackStream)
	}
	return message, nil
}

// appendMessage appends a message in chunks.
func appendMessage(to []byte, message structure) []byte {
	octets := appendValue(nil, message)
	for len(octets) > 0 {
		size := min(len(octets), math.MaxUint16)
		to = binary.BigEndian.AppendUint16(to, uint16(size))
		to = append(to, octets[:size]...)
		octets = octets[size:]
	}
	return append(to, 0, 0)
}
