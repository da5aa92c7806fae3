//go:build !darwin && !windows

package browser_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/browser"
)

func TestFind(t *testing.T) {
	versions := map[string]string{
		"/usr/bin/chromium": "Chromium 156.0.7000.1 built on Debian\n", "/opt/google/chrome/chrome": "Google Chrome 141.0.1.2\n", "/usr/bin/firefox-esr": "Mozilla Firefox 140.5.0esr\n",
	}
	machine := browser.Machine{
		Home: "/home/dave",
		Files: fstest.MapFS{
			"usr/bin/chromium": {}, "opt/google/chrome/chrome": {}, "usr/bin/firefox-esr": {}, "usr/bin/microsoft-edge": {},
			"etc/chromium/policies/managed/a.json":                             {Data: []byte(`{"LocalNetworkAccessAllowedForUrls": ["https://browser.neo4j.io"], "DnsOverHttpsMode": "off"}`)},
			"etc/chromium/policies/managed/b.json":                             {Data: []byte(`{"LocalNetworkAccessAllowedForUrls": ["https://browser.neo4j.io", "https://bloom.neo4j.io"]}`)},
			"etc/opt/chrome/policies/managed/broken.json":                      {Data: []byte(`{`)},
			"home/dave/.config/google-chrome/Local State":                      {Data: []byte(`{"dns_over_https": {"mode": "secure"}}`)},
			"usr/lib/firefox-esr/distribution/policies.json":                   {Data: []byte(`{"policies": {"DNSOverHTTPS": {"Locked": true}}}`)},
			"home/dave/.mozilla/firefox/abcd.default-esr/prefs.js":             {Data: []byte("// x\nuser_pref(\"network.trr.mode\", 3);\n")},
			"home/dave/.mozilla/firefox/without.default-esr/compatibility.ini": {},
		},
		Version: func(_ context.Context, program string) (string, error) {
			if version, known := versions[program]; known {
				return version, nil
			}
			return "", errors.New("it does not start")
		},
	}
	found, errs := machine.Find(t.Context())
	want := []doctor.FoundBrowser{
		{
			Name: "Chromium", Version: "156.0.7000.1", Enforces: true, DoH: "off",
			Allowed:  []string{"https://browser.neo4j.io", "https://bloom.neo4j.io"},
			Policies: []string{"/etc/chromium/policies/managed/a.json", "/etc/chromium/policies/managed/b.json"},
		},
		{Name: "Google Chrome", Version: "141.0.1.2", DoH: "secure"},
		{Name: "Microsoft Edge", Enforces: true},
		{Name: "Firefox", Version: "140.5.0esr", DoH: "secure", Policies: []string{"/usr/lib/firefox-esr/distribution/policies.json"}},
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
	wantErrs := []string{"/etc/opt/chrome/policies/managed/broken.json: unexpected end of JSON input", "the version of Microsoft Edge: it does not start"}
	if diff := cmp.Diff(wantErrs, errs); diff != "" {
		t.Error(diff)
	}
}
