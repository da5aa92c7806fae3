package wire

import "encoding/binary"

const (
	// headerLen is the length of a message's header (RFC 1035, section 4.1.1).
	headerLen = 12
	// questionTail is what stands behind the name in a question: type and class.
	questionTail = 2 + 2
	// optLen is the length of an OPT record without options: the root's name,
	// type, payload size, extended rcode and version, flags, length (RFC 6891,
	// section 6.1.2).
	optLen = 1 + 2 + 2 + 2 + 2 + 2

	// maxQuery is the longest query that is read, in octets: what replies invite to
	// in their OPT record.
	maxQuery = 1232
	// minUDPSize is what every client takes over UDP, in octets, whatever its OPT
	// record says (RFC 1035, section 4.2.1; RFC 6891, section 6.2.3).
	minUDPSize = 512
)

// Bits of the second pair of octets in a header.
const (
	flagQR     = 1 << 15
	maskOpcode = 0xf << 11
	flagTC     = 1 << 9
	flagCD     = 1 << 4 // RFC 4035, section 3.1.6

	// FlagAA, FlagRD and FlagRA are what [Flags] can be about.
	FlagAA = 1 << 10
	FlagRD = 1 << 8
	FlagRA = 1 << 7

	// flagDO is in an OPT record, the highest bit of its flags. All others are
	// reserved (RFC 6891, section 6.1.4; RFC 3225).
	flagDO = 1 << 15
)

const (
	classIN  = 1
	typeOPT  = 41
	typeIXFR = 251
	typeAXFR = 252
)

// Query is a plain question as it came over UDP. Its zero value is ready for
// Parse, which may be called again and again; one goroutine at a time may use it.
type Query struct {
	// ID is the message's, to be given back.
	ID uint16
	// Type is the type asked for; the class is IN.
	Type uint16
	// Question has the octets of the question section, with the letter case of
	// the name. It is a part of the packet.
	Question []byte
	// EDNS says whether there is an OPT record. The other fields below are zero
	// where there is none.
	EDNS bool
	// UDPSize is the payload size in the OPT record, in octets, as it stands
	// there; it may be lowered before a reply is written.
	UDPSize uint16
	// EDNSFlags are the flags in the OPT record; the highest bit is DO (RFC 6891,
	// section 6.1.4).
	EDNSFlags uint16
	// Options says whether the OPT record has options. They are well formed.
	Options bool
	// Subnet is the data of the client subnet among them, nil if there is none. It is a
	// part of the packet.
	Subnet []byte

	// Flags are those of the server that replies. Parse leaves them as they are.
	Flags Flags
	// For is an option of the reply's OPT record that says for which clients the reply
	// is, as [Scoped] makes it; nil for none. Parse clears it.
	For []byte
	// Explanation are options of the reply's OPT record that are left out where there is
	// no room for them, in wire format. Parse clears them.
	Explanation []byte

	flags  uint16 // of the header
	name   [MaxName]byte
	length uint8 // of name
}

// Name returns the name that is asked for. It is good until the next Parse.
func (q *Query) Name() Name { return q.name[:q.length] }

// Parse reads a packet, and reports whether it is a plain question: a query
// (RFC 1035, section 4.1.1) of at most 1232 octets with one question of class IN,
// whose name is not compressed, for something else than a zone transfer, and at
// most one further record, which is an OPT of version 0 with well-formed options;
// nothing else, and nothing behind it. Flags that mean nothing in a query may be
// set. The query is of no use where it reports false.
//
// It never panics, allocates nothing, and does not change the packet.
func (q *Query) Parse(packet []byte) bool {
	if len(packet) < headerLen || len(packet) > maxQuery {
		return false
	}
	q.ID = binary.BigEndian.Uint16(packet)
	q.flags = binary.BigEndian.Uint16(packet[2:])
	if q.flags&(flagQR|maskOpcode) != 0 {
		return false
	}
	// The four counts at once: one question, no answer, no authority (an IXFR's
	// SOA stands there, RFC 1995, section 3), at most one additional record.
	counts := binary.BigEndian.Uint64(packet[4:])
	if counts&^1 != 1<<48 {
		return false
	}
	rest, ok := q.parseQuestion(packet[headerLen:])
	if !ok {
		return false
	}
	q.EDNS, q.UDPSize, q.EDNSFlags, q.Options = false, 0, 0, false
	q.Subnet, q.For, q.Explanation = nil, nil, nil
	if counts&1 == 0 {
		return len(rest) == 0
	}
	return q.parseOPT(rest)
}

// parseQuestion reads the question section, and returns what is behind it.
func (q *Query) parseQuestion(section []byte) ([]byte, bool) {
	length := nameLen(section)
	end := length + questionTail
	if length == 0 || end > len(section) {
		return nil, false
	}
	q.Question = section[:end]
	q.Type = binary.BigEndian.Uint16(section[length:])
	if binary.BigEndian.Uint16(section[length+2:]) != classIN {
		return nil, false
	}
	// Transfers are not questions (RFC 5936, section 2; RFC 1995, section 2),
	// even though one may be asked for over UDP.
	if q.Type == typeAXFR || q.Type == typeIXFR {
		return nil, false
	}
	q.length = uint8(length)
	lower(q.name[:length], section)
	return section[end:], true
}

// nameLen returns the length of the uncompressed name at the beginning of
// section, or 0 if there is none. A length octet above 63 is a pointer, or of a
// kind that was never used (RFC 1035, section 4.1.4; RFC 6891, section 5).
func nameLen(section []byte) int {
	for at := 0; at < len(section) && at < MaxName; {
		c := int(section[at])
		switch {
		case c == 0:
			return at + 1
		case c > maxLabel:
			return 0
		}
		at += 1 + c
	}
	return 0
}

// parseOPT reads the additional section, which must be one OPT record and
// nothing else (RFC 6891, section 6.1.2): a TSIG or SIG(0) would have to be
// verified by somebody.
func (q *Query) parseOPT(record []byte) bool {
	if len(record) < optLen || record[0] != 0 || binary.BigEndian.Uint16(record[1:]) != typeOPT {
		return false
	}
	// Another version is to be answered by BADVERS (section 6.1.3). An extended
	// rcode means nothing in a query.
	if record[6] != 0 {
		return false
	}
	if int(binary.BigEndian.Uint16(record[9:])) != len(record)-optLen {
		return false
	}
	q.EDNS = true
	q.UDPSize = binary.BigEndian.Uint16(record[3:])
	q.EDNSFlags = binary.BigEndian.Uint16(record[7:])
	q.Options = len(record) > optLen
	return q.parseOptions(record[optLen:])
}
