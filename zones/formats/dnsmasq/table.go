package dnsmasq

import (
	_ "embed" // of the table of options
	"slices"
	"strings"
	"sync"
)

// optionRule is what the table of options says of one.
type optionRule struct {
	value byte // '-' for none, '=' for one, and '?' for one that may be left out
	once  bool // it stands once
	kinds []string
}

//go:embed options.txt
var optionsText string

// options are those of the table, which is read once.
var options = sync.OnceValue(func() map[string]optionRule {
	rules := make(map[string]optionRule)
	for line := range strings.Lines(optionsText) {
		if fields := strings.Fields(line); len(fields) > 1 && !strings.HasPrefix(line, "#") {
			rules[fields[0]] = optionRule{value: fields[1][0], once: strings.HasSuffix(fields[1], "!"), kinds: fields[2:]}
		}
	}
	return rules
})

// setting is a line of a configuration.
type setting struct {
	option, value string
	bare          bool // there is no equals sign
}

// String returns the line as it may stand.
func (s setting) String() string {
	if s.bare {
		return s.option
	}
	return s.option + "=" + s.value
}

// wrong returns why dnsmasq does not take a setting, in its own words as far as it has any; ""
// if it does.
func (r optionRule) wrong(s setting) string {
	switch {
	case r.value == '-' && !s.bare:
		return "extraneous parameter"
	case r.value == '=' && s.bare:
		return "missing parameter"
	case s.bare && !slices.Contains(r.kinds, "present"):
		return ""
	}
	fields := strings.Split(s.value, ",")
	for i, field := range fields {
		fields[i] = strings.TrimSpace(field)
	}
	if len(r.kinds) == 0 || r.fits(fields, s) {
		return ""
	}
	return "bad value"
}

// fits reports whether the fields of a value are of the kinds that the option has.
func (r optionRule) fits(fields []string, s setting) bool {
	if whole := wholes[r.kinds[0]]; whole != nil {
		return whole(s, fields)
	}
	for _, kind := range r.kinds {
		kind, several := strings.CutSuffix(kind, "...")
		kind, optional := strings.CutSuffix(kind, "?")
		switch {
		case several:
			return !slices.ContainsFunc(fields, func(field string) bool { return !isKind(kind, field) })
		case len(fields) == 0 && optional:
		case len(fields) == 0 || !isKind(kind, fields[0]):
			return false
		default:
			fields = fields[1:]
		}
	}
	return len(fields) == 0
}

// isKind reports whether a field is of a kind, or one of the words that the kind lists.
func isKind(kind, field string) bool {
	if strings.HasPrefix(kind, "(") {
		return slices.Contains(strings.Split(strings.Trim(kind, "()"), "|"), field)
	}
	return kinds[kind](field)
}
