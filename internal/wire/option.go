package wire

import "encoding/binary"

// Codes of EDNS options whose contents have a form.
const (
	optionLLQ         = 1  // RFC 8764, section 3.2
	optionUL          = 2  // RFC 9664, section 4
	optionSubnet      = 8  // RFC 7871
	optionExpire      = 9  // RFC 7314
	optionKeepalive   = 11 // RFC 7828
	optionEDE         = 15 // RFC 8914
	optionReporting   = 18 // RFC 9567
	optionZoneVersion = 19 // RFC 9660
)

// wellFormed reports whether options are, of the OPT record whose data they are.
// Nobody answers to them; but what has the wrong form is a FORMERR, which the
// slow path gives.
func wellFormed(options []byte) bool {
	for len(options) > 0 {
		if len(options) < 4 {
			return false
		}
		code := binary.BigEndian.Uint16(options)
		end := 4 + int(binary.BigEndian.Uint16(options[2:]))
		if end > len(options) || !wellFormedOption(code, options[4:end]) {
			return false
		}
		options = options[end:]
	}
	return true
}

// wellFormedOption is about one option. Cookies, padding, NSID and all that
// nobody knows may have anything in them.
func wellFormedOption(code uint16, data []byte) bool {
	switch code {
	case optionSubnet:
		return wellFormedSubnet(data)
	case optionLLQ, optionUL, optionExpire, optionKeepalive, optionEDE, optionReporting, optionZoneVersion:
		// They have a form, too, and no place in a plain question over UDP: let
		// the slow path look at them.
		return false
	default:
		return true
	}
}

// wellFormedSubnet checks a client subnet (RFC 7871, section 6): family, prefix
// lengths, address. Family 0 stands for no address at all.
func wellFormedSubnet(data []byte) bool {
	if len(data) < 4 {
		return false
	}
	source, scope := data[2], data[3]
	switch binary.BigEndian.Uint16(data) {
	case 0:
		return source == 0
	case 1:
		return source <= 32 && scope <= 32
	case 2:
		return source <= 128 && scope <= 128
	default:
		return false
	}
}
