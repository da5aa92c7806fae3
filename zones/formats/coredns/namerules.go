package coredns

import (
	"regexp"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// nameRule reads a rule for names, and returns why CoreDNS does not start with it, or "".
func nameRule(words []string) (r rewrite, why string) {
	if len(words) < 2 {
		return r, "it has no two names"
	}
	r.kind = "exact"
	if len(words) > 2 {
		r.kind, words = strings.ToLower(words[0]), words[1:]
	}
	r.from, r.to = normalized(words[0]), normalized(words[1])
	from, to, words := words[0], words[1], words[2:]
	switch r.kind {
	case "regex":
		if r.metadata = len(words) > 0 && words[0] == "metadata"; r.metadata {
			to, words = "", words[1:]
		}
		if r.pattern, why = patternFor(from, to); why != "" {
			return r, why
		}
	case "exact":
		r.auto = true
	case "prefix", "suffix", "substring":
	default:
		return r, "there are names that are exact, prefix, suffix, substring or regex alone"
	}
	return r, r.answers(words)
}

// patternFor returns the regular expression of a rule, or why it is none that has what the text
// that is put in its place uses.
func patternFor(from, to string) (pattern *regexp.Regexp, why string) {
	pattern, err := regexp.Compile(from)
	if err != nil {
		return nil, lines.Shown(from) + " is no regular expression"
	}
	used := make(map[string]bool)
	for _, group := range groups().FindAllString(to, -1) {
		used[group] = true
	}
	if len(used) > pattern.NumSubexp() {
		return nil, lines.Shown(to) + " uses more groups than the regular expression has"
	}
	return pattern, ""
}

// groups finds where a text has a group of a regular expression.
var groups = pattern.Lazily(`\{([0-9]|[1-9][0-9]|100)\}`)

// normalized returns a part of a name as CoreDNS has it, with a final dot.
func normalized(text string) string { return strings.ToLower(dns.Fqdn(text)) }

// answers reads what is done with the records, and returns why it cannot, or "".
func (r *rewrite) answers(words []string) (why string) {
	if len(words) > 0 && (words[0] != "answer" || len(words) < 2) {
		return lines.Shown(words[0]) + " is no answer rule"
	}
	auto := false
	for len(words) > 0 {
		if words[0] == "answer" {
			words = words[1:]
		}
		if len(words) > 0 && words[0] == "auto" {
			auto, words = true, words[1:]
			continue
		}
		if words, why = r.reverses(words); why != "" {
			return why
		}
	}
	if auto && len(r.reversals) > 0 {
		return "answer auto stands beside answer name"
	}
	r.auto = r.auto || auto
	return ""
}

// reverses reads what is done with the names of records, or with those in them, and returns the
// words behind it, or why it is none.
func (r *rewrite) reverses(words []string) (behind []string, why string) {
	if len(words) < 3 || words[0] != "name" && words[0] != "value" {
		return nil, "its answer is none"
	}
	pattern, why := patternFor(words[1], words[2])
	if why == "" && words[0] == "name" {
		r.reversals = append(r.reversals, reversal{pattern, normalized(words[2])})
	}
	return words[3:], why
}
