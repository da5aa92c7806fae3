package zonefile

import "github.com/auralink/auralink/internal/holdings"

// returns says what becomes of the carriage returns in a file. One behind which no line feed
// stands ends a line for BIND and NSD, and for no other server.
func (m *master) returns(l *lexer) {
	m.returned(returns, l.returns)
	m.returned(within, l.within)
	named := m.loading != nil && !m.loading.bare && (m.loading.server == BIND || m.loading.server == NSD)
	if l.lone == 0 || m.b == nil || named || m.loading.is(returns) {
		return
	}
	m.b.Unread(holdings.Place{File: m.in.Name, Line: l.lone}, "lines end with a carriage return alone (CR): BIND and NSD take that for the end of a line, and other servers do not")
}

// returned says that there is a carriage return in a line, if there is such a line.
func (m *master) returned(why refusal, line int) {
	if line > 0 {
		m.loading.refuse(why, holdings.Place{File: m.in.Name, Line: line}, "it has a carriage return (CR), which it does not take")
	}
}
