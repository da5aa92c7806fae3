package coredns

import (
	"fmt"
	"slices"
	"testing"
)

// TestRuleIndex: of many rules those that fit a name are found, the first one first, and few others
// are tried.
func TestRuleIndex(t *testing.T) {
	var rules []rewrite
	add := func(words ...string) {
		r, why := nameRule(words)
		if why != "" {
			t.Fatal(words, why)
		}
		rules = append(rules, r)
	}
	for i := range 1000 {
		add("exact", fmt.Sprintf("e%d.neo4j.io", i), "exact.example")
		add("prefix", fmt.Sprintf("p%d-", i), "prefix-")
		add("suffix", fmt.Sprintf(".s%d.neo4j.io", i), ".suffix.example")
		add("regex", fmt.Sprintf(`^(.*)[.]r%d[.]neo4j[.]io[.]$`, i), "{1}.regex.example")
	}
	add("regex", `(?i)^[A-Z]+[0-9]?[.]neo4j[.]org[.]$`, "any.example")
	add("regex", `^(a|b)$`, "none.example")
	r := rewritesFor(rules, nil)
	for name, want := range map[string]string{
		"e7.neo4j.io.": "exact.example.", "x.s999.neo4j.io.": "x.suffix.example.", "x.r500.neo4j.io.": "x.regex.example.",
		"b1.neo4j.org.": "any.example.", "e1000.neo4j.io.": "e1000.neo4j.io.", "x.r7.neo4j.org.": "x.r7.neo4j.org.",
	} {
		before := *r.left
		if got := r.of(name).asked; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if tries := before - *r.left; tries > 5 {
			t.Errorf("%s: %d rules were tried", name, tries)
		}
		for i := range rules {
			if _, fits := rules[i].of(name); fits && !slices.Contains(r.index.from(0, name), i) {
				t.Errorf("%s: rule %d fits, and is not found", name, i)
			}
		}
	}
}

// TestTooManyTries: a rule is not tried for ever, and that it was not is known.
func TestTooManyTries(t *testing.T) {
	one, _ := nameRule([]string{"regex", `^(a|b)`, "x"})
	r := rewritesFor([]rewrite{one}, nil)
	*r.left = 1
	if got := r.of("a."); got.by == nil || *r.left < 0 {
		t.Errorf("the last try: %v, %d left", got, *r.left)
	}
	if got := r.of("a."); got.by != nil || *r.left >= 0 {
		t.Errorf("one more: %v, %d left", got, *r.left)
	}
}
