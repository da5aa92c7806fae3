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
			header(rd, 1, 0, 0, 1) + question + opt("\xff\x00\x80\xff", option(10, "12345678")),
			header(0x8700, 1, 0, 0, 1) + question + opt("\x00\x00\x80\x00", ""),
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
