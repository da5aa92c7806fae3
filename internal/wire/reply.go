package wire

import "encoding/binary"

// recordFixed is the length of what stands between the owner and the data of a
// record: type, class, TTL, length (RFC 1035, section 4.1.3).
const recordFixed = 2 + 2 + 4 + 2

// questionName is where the name of the question is in a message.
const questionName = headerLen

// Pointer is the owner of a record whose name is the one of the question, in its
// compressed form (RFC 1035, section 4.1.4). It must not be changed.
var Pointer = []byte{0xc0, questionName}

// Limit returns the length, in octets, that a reply may have for the client's
// sake (RFC 6891, section 6.2.3).
func (q *Query) Limit() int { return max(minUDPSize, int(q.UDPSize)) }

// Owner returns the name that is asked for as it is spelled in the question.
func (q *Query) Owner() []byte { return q.Question[:len(q.Question)-questionTail] }

// FrameLen returns the length of a reply without its records, in octets.
func (q *Query) FrameLen() int {
	if q.EDNS {
		return headerLen + len(q.Question) + optLen + len(q.For) + len(q.Explanation)
	}
	return headerLen + len(q.Question)
}

// OPTLen returns the length, in octets, of what CoreDNS's server makes of an OPT record
// for a reply that has none: with options it has one before.
func (q *Query) OPTLen() int {
	if q.EDNS && len(q.For)+len(q.Explanation) == 0 {
		return optLen
	}
	return 0
}

// Explain gives the reply an explanation, if it fits: whole is the length of the reply
// without it, in octets, and limit what it may be. Without EDNS it never does.
func (q *Query) Explain(explanation []byte, whole, limit int) {
	q.Explanation = nil
	if q.EDNS && whole+len(explanation) <= limit {
		q.Explanation = explanation
	}
}

// Head is what a header says of a reply that does not follow from the query.
type Head struct {
	// Rcode is at most 15.
	Rcode uint16
	// Answers and Authorities are how many records the sections have.
	Answers, Authorities uint16
	// Truncated is the flag TC.
	Truncated bool
}

// Flags say which flags all replies of a server have, besides those that follow
// from the query and the answer to it. The zero value changes nothing.
type Flags struct {
	// Recursive says that the server recurses: where recursion is desired (RD) it
	// is available (RA).
	Recursive bool
	// Set and Clear are flags, as they stand in a header, that are set and cleared
	// whatever else says. None is in both.
	Set, Clear uint16
}

// Apply returns the flags that a reply has, given those that it would have without
// f.
func (f Flags) Apply(flags uint16) uint16 {
	if f.Recursive && flags&FlagRD != 0 {
		flags |= FlagRA
	}
	return flags&^f.Clear | f.Set
}

// Begin puts the header and the question of an authoritative reply into buf, and
// returns their length, in octets. Of the query's flags RD and CD are kept (RFC
// 1035, section 4.1.1; RFC 4035, section 3.2.2), and the server's are applied. The
// records are to follow, and [Query.End]. Buf must have room for all of it.
func (q *Query) Begin(buf []byte, h Head) int {
	flags := flagQR | FlagAA | q.flags&(FlagRD|flagCD) | h.Rcode
	if h.Truncated {
		flags |= flagTC
	}
	flags = q.Flags.Apply(flags)
	additional := uint16(0)
	if q.EDNS {
		additional = 1
	}
	_ = buf[headerLen-1]
	binary.BigEndian.PutUint16(buf, q.ID)
	binary.BigEndian.PutUint16(buf[2:], flags)
	binary.BigEndian.PutUint16(buf[4:], 1)
	binary.BigEndian.PutUint16(buf[6:], h.Answers)
	binary.BigEndian.PutUint16(buf[8:], h.Authorities)
	binary.BigEndian.PutUint16(buf[10:], additional)
	return headerLen + copy(buf[headerLen:], q.Question)
}

// End puts what comes last in a reply into buf, and returns its length, in
// octets: an OPT record if the query has one. It gives the client's payload size
// back, as CoreDNS does, and DO (RFC 3225, section 3).
func (q *Query) End(buf []byte) int {
	if !q.EDNS {
		return 0
	}
	_ = buf[optLen-1]
	buf[0] = 0
	binary.BigEndian.PutUint16(buf[1:], typeOPT)
	binary.BigEndian.PutUint16(buf[3:], q.UDPSize)
	binary.BigEndian.PutUint32(buf[5:], uint32(q.EDNSFlags&flagDO))
	options := len(q.For) + len(q.Explanation)
	binary.BigEndian.PutUint16(buf[9:], uint16(options))
	if options == 0 {
		return optLen
	}
	n := optLen + copy(buf[optLen:], q.For)
	return n + copy(buf[n:], q.Explanation)
}

// RecordLen returns the length of a record without compression, in octets, whose
// owner and data have the lengths given.
func RecordLen(owner, data int) int { return owner + recordFixed + data }

// Record is a record of class IN but for its data.
type Record struct {
	// Owner is a name in wire format, its letters in any case, or [Pointer].
	Owner []byte
	Type  uint16
	// TTL is in seconds.
	TTL uint32
}

// Put puts a record with the data into buf and returns its length, in octets.
func (r *Record) Put(buf, data []byte) int {
	n := copy(buf, r.Owner)
	fixed := buf[n : n+recordFixed]
	binary.BigEndian.PutUint16(fixed, r.Type)
	binary.BigEndian.PutUint16(fixed[2:], classIN)
	binary.BigEndian.PutUint32(fixed[4:], r.TTL)
	binary.BigEndian.PutUint16(fixed[8:], uint16(len(data))) // of the records here the data is at most 500 octets long
	n += recordFixed
	return n + copy(buf[n:], data)
}

// PutTruncated puts a reply without records and explanations into buf that is marked
// as truncated, and returns its length, in octets, or 0 if buf is too small for it.
func (q *Query) PutTruncated(buf []byte) int {
	q.Explanation = nil
	if q.FrameLen() > len(buf) {
		return 0
	}
	n := q.Begin(buf, Head{Truncated: true})
	return n + q.End(buf[n:])
}
