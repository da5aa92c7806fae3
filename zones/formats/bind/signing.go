package bind

import "strings"

// signing says which statements about updates and signatures of a zone do not go with each other.
// Of the policies that later versions sign without inline-signing unsigned tells.
func (k *checker) signing(w within, of string) {
	inline, signs := find(w.block, "inline-signing")
	signs = signs && !isNo(inline.arg(1))
	policy, _ := k.inherited(w.block, "dnssec-policy")
	hasPolicy := isPolicy(policy)
	auto, keeps := find(w.block, "auto-dnssec")
	keeps = keeps && !strings.EqualFold(auto.arg(1), "off")
	if keeps && hasPolicy {
		k.c.stop(auto, "auto-dnssec and dnssec-policy do not go with each other%s", of)
	}
	switch typeOf(w.block) {
	case "primary":
		k.updates(w, of)
		if keeps && !signs && !hasPolicy && !k.isUpdated(w.block) {
			k.c.stop(auto, "auto-dnssec needs inline-signing, allow-update or update-policy%s", of)
		}
	case "secondary":
		if _, file := find(w.block, "file"); signs && !file {
			k.c.stop(inline, "inline-signing needs a file%s", of)
		}
		if !signs && !hasPolicy {
			k.secondarySigns(w, of)
		}
	}
}

// isPolicy reports whether a dnssec-policy is one, by which zones are signed or no longer are.
func isPolicy(s statement) bool { return s.arg(1) != "" && s.arg(1) != "none" }

// updates says that a primary zone is updated by two statements, of which one would be ignored.
func (k *checker) updates(w within, of string) {
	clients, there := find(w.block, "allow-update")
	if _, rules := find(w.block, "update-policy"); rules && there {
		k.c.stop(clients, "allow-update and update-policy do not go with each other%s", of)
	}
}

// secondarySigns says what a secondary zone has about signatures that are not made beside its file.
func (k *checker) secondarySigns(w within, of string) {
	for _, key := range []string{"auto-dnssec", "dnssec-dnskey-kskonly", "dnssec-loadkeys-interval", "update-check-ksk"} {
		if s, there := find(w.block, key); there && !strings.EqualFold(s.arg(1), "off") {
			k.c.stop(s, "%s needs inline-signing in a secondary zone%s", key, of)
		}
	}
}
