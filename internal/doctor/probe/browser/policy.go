package browser

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

// policy is what matters of a browser's policies. Chromium and Firefox have members of
// their own; nobody has both.
type policy struct {
	LocalNetworkAccessAllowedForUrls []string
	DNSOverHTTPSMode                 string `json:"DnsOverHttpsMode"`
	Policies                         *struct {
		DNSOverHTTPS *firefoxDoH
	} `json:"policies"`
}

// firefoxDoH is Firefox's policy of that name.
type firefoxDoH struct {
	Enabled  *bool
	Fallback *bool
}

// mode returns the policy in Chromium's words; "" if it says nothing.
func (d *firefoxDoH) mode() string {
	switch {
	case d == nil || d.Enabled == nil:
		return ""
	case !*d.Enabled:
		return "off"
	case d.Fallback != nil && !*d.Fallback:
		return "secure"
	default:
		return "automatic"
	}
}

// parsePolicy reads a file of policies.
func parsePolicy(text []byte) (policy, error) {
	var p policy
	err := json.Unmarshal(text, &p)
	return p, err
}

// apply notes what a policy, read from somewhere, sets for a browser.
func (p policy) apply(b *doctor.FoundBrowser, from string) {
	b.Policies = append(b.Policies, from)
	for _, origin := range p.LocalNetworkAccessAllowedForUrls {
		if !slices.Contains(b.Allowed, origin) {
			b.Allowed = append(b.Allowed, origin)
		}
	}
	if p.DNSOverHTTPSMode != "" {
		b.DoH = p.DNSOverHTTPSMode
	}
	if p.Policies != nil {
		if mode := p.Policies.DNSOverHTTPS.mode(); mode != "" {
			b.DoH = mode
		}
	}
}

// trrModes are the values of Firefox's preference network.trr.mode, in Chromium's words.
var trrModes = map[string]string{"2": "automatic", "3": "secure", "5": "off"}

// firefoxPreference returns what a file of Firefox's preferences says of its own
// resolver, in Chromium's words.
func firefoxPreference(text string) string {
	const key = `user_pref("network.trr.mode",`
	for line := range strings.Lines(text) {
		if value, is := strings.CutPrefix(strings.TrimSpace(line), key); is {
			return trrModes[strings.Trim(value, " );")]
		}
	}
	return ""
}

// chromiumPreference returns what Chromium's "Local State" says of its own resolver.
func chromiumPreference(text []byte) string {
	var state struct {
		DNSOverHTTPS struct{ Mode string } `json:"dns_over_https"`
	}
	if json.Unmarshal(text, &state) != nil {
		return ""
	}
	return state.DNSOverHTTPS.Mode
}
