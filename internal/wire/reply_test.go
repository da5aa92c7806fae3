package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/wire"
)

// TestTruncated: a reply without records, in a buffer that has just room for it.
func TestTruncated(t *testing.T) {
	tests := []struct{ what, query, want string }{
		{"RD and CD are kept", header(0x0110, 1) + question, header(0x8710, 1) + question},
		{"nothing else is", header(0x02e1, 1) + question, header(0x8600, 1) + question},
		{
			"payload size and DO are given back, options are not",
			header(rd, 1, 0, 0, 1) + question + opt("\xff\x00\xff\xff", option(10, "12345678")),
			header(0x8700, 1, 0, 0, 1) + question + opt("\x00\x00\x80\x00", ""),
		},
		{
			"reserved flags are not",
			header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x7f\xff", ""),
			header(0x8700, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", ""),
		},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			var q wire.Query
			if !q.Parse([]byte(tt.query)) {
				t.Fatal("missed")
			}
			buf := make([]byte, len(tt.want))
			if diff := cmp.Diff(tt.want, string(buf[:q.PutTruncated(buf)])); diff != "" {
				t.Errorf("reply (-want +got):\n%s", diff)
			}
			if n := q.PutTruncated(buf[1:]); n != 0 {
				t.Errorf("%d octets in a buffer that is too small", n)
			}
		})
	}
}

// TestFlags: what a server has in all its headers, after what follows from the query.
func TestFlags(t *testing.T) {
	tests := []struct {
		what  string
		flags wire.Flags
		query uint16
		want  uint16
	}{
		{"nothing", wire.Flags{}, rd, 0x8700},
		{"recursive", wire.Flags{Recursive: true}, rd, 0x8780},
		{"recursive, and no recursion is desired", wire.Flags{Recursive: true}, 0, 0x8600},
		{"RA is set", wire.Flags{Set: wire.FlagRA}, 0, 0x8680},
		{"recursive, and RA is cleared", wire.Flags{Recursive: true, Clear: wire.FlagRA}, rd, 0x8700},
		{"AA is cleared, RD is set", wire.Flags{Recursive: true, Clear: wire.FlagAA, Set: wire.FlagRD}, 0, 0x8300},
		{"RD is cleared", wire.Flags{Recursive: true, Clear: wire.FlagRD}, rd, 0x8680},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			q := wire.Query{Flags: tt.flags}
			if !q.Parse([]byte(header(tt.query, 1) + question)) {
				t.Fatal("missed")
			}
			buf := make([]byte, 512)
			n := q.Begin(buf, wire.Head{Truncated: true})
			if want := header(tt.want, 1) + question; string(buf[:n]) != want {
				t.Errorf("%q, want %q", buf[:n], want)
			}
		})
	}
}
