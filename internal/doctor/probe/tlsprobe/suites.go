package tlsprobe

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Version is a protocol version as it stands on the wire.
type Version uint16

// The versions that are probed.
const (
	TLS10 Version = 0x0301
	TLS11 Version = 0x0302
	TLS12 Version = 0x0303
	TLS13 Version = 0x0304
)

// Versions are all that are probed, the oldest first.
var Versions = []Version{TLS10, TLS11, TLS12, TLS13}

// String returns what people call the version, such as "TLS 1.2".
func (v Version) String() string {
	if v < TLS10 || v > TLS13 {
		return fmt.Sprintf("version %#04x", uint16(v))
	}
	return fmt.Sprintf("TLS 1.%d", v-TLS10)
}

// MarshalText implements encoding.TextMarshaler.
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler: it reads what String writes.
func (v *Version) UnmarshalText(text []byte) error {
	for _, known := range Versions {
		if string(text) == known.String() {
			*v = known
			return nil
		}
	}
	number, err := strconv.ParseUint(strings.TrimPrefix(string(text), "version "), 0, 16)
	if err != nil {
		return fmt.Errorf("%q is no version of TLS", text)
	}
	*v = Version(number)
	return nil
}

// Suite is a cipher suite by its number in IANA's registry.
type Suite uint16

// named has a line for each suite that was ever given a number, such as "1301
// TLS_AES_128_GCM_SHA256", in the order of the numbers. What is no suite, but is
// sent like one (TLS_EMPTY_RENEGOTIATION_INFO_SCSV), is not in it.
//
//go:embed suites.txt
var named string

// registry is named, taken apart.
type registry struct {
	suites []Suite // by number
	names  map[Suite]string
	byName map[string]Suite
}

var registered = sync.OnceValue(func() registry {
	r := registry{names: make(map[Suite]string), byName: make(map[string]Suite)}
	for line := range strings.Lines(named) {
		number, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		id, err := strconv.ParseUint(number, 16, 16)
		if err != nil {
			continue // a test reads every line
		}
		suite := Suite(id)
		r.suites = append(r.suites, suite)
		r.names[suite], r.byName[name] = name, suite
	}
	return r
})

// String returns the suite's name in IANA's registry, or its number.
func (s Suite) String() string {
	if name, known := registered().names[s]; known {
		return name
	}
	return fmt.Sprintf("suite 0x%04X", uint16(s))
}

// MarshalText implements encoding.TextMarshaler.
func (s Suite) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler: it reads what String writes.
func (s *Suite) UnmarshalText(text []byte) error {
	if suite, known := registered().byName[string(text)]; known {
		*s = suite
		return nil
	}
	number, err := strconv.ParseUint(strings.TrimPrefix(string(text), "suite "), 0, 16)
	if err != nil {
		return fmt.Errorf("%q is no cipher suite", text)
	}
	*s = Suite(number)
	return nil
}

// for13 reports whether a suite belongs to TLS 1.3: those say nothing of how keys
// are agreed on (RFC 8446, appendix B.4), and no others may be used with it.
func (s Suite) for13() bool {
	switch {
	case s>>8 == 0x13, s == 0x00C6, s == 0x00C7: // those of RFC 8998
		return true
	default:
		return s >= 0xC103 && s <= 0xC106 // those of RFC 9367
	}
}

// Suites returns all suites that may be used with a version, by number.
func Suites(v Version) []Suite {
	return slices.DeleteFunc(slices.Clone(registered().suites), func(s Suite) bool { return s.for13() != (v == TLS13) })
}

// Accepted by AuraDB, as Neo4j's documentation has it.
var aura = map[Version][]Suite{
	TLS13: {0x1301, 0x1302, 0x1303},
	TLS12: {0x009E, 0x009F, 0xC02F, 0xC030, 0xCCA8},
}

// AuraSuites returns the suites that AuraDB accepts with a version, by number; it
// has none for those before TLS 1.2.
func AuraSuites(v Version) []Suite { return slices.Clone(aura[v]) }
