package wire

import "encoding/binary"

// Codes of the EDNS options whose data have a prescribed form.
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

// optionHead is what stands before the data of an option, in octets: code and length.
const optionHead = 2 + 2

// parseOptions reads the data of an OPT record, and reports whether they are well-formed
// options. CoreDNS replies FORMERR to a malformed one, so a query with one is left to
// the slow path, and so is one with two client subnets.
func (q *Query) parseOptions(options []byte) bool {
	for len(options) > 0 {
		if len(options) < optionHead {
			return false
		}
		code := binary.BigEndian.Uint16(options)
		end := optionHead + int(binary.BigEndian.Uint16(options[2:]))
		if end > len(options) || !wellFormedOption(code, options[optionHead:end]) {
			return false
		}
		if code == optionSubnet {
			if q.Subnet != nil {
				return false
			}
			q.Subnet = options[optionHead:end]
		}
		options = options[end:]
	}
	return true
}

// wellFormedOption reports whether the data of one option are well-formed. Those of
// cookies, padding, NSID and unknown options may be anything.
func wellFormedOption(code uint16, data []byte) bool {
	switch code {
	case optionSubnet:
		return wellFormedSubnet(data)
	case optionLLQ, optionUL, optionExpire, optionKeepalive, optionEDE, optionReporting, optionZoneVersion:
		// Their data have a form, too, but a plain question over UDP has no use for
		// them. The slow path checks them.
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
