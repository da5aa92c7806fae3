package exports_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"howett.net/plist"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// profile is a configuration profile, with what Apple's documentation of all profiles
// requires.
type profile struct {
	PayloadType, PayloadIdentifier, PayloadUUID, PayloadDisplayName, PayloadDescription string

	PayloadVersion int
	PayloadScope   string
	PayloadContent []map[string]any
}

// uuid is how Apple writes one.
var uuid = regexp.MustCompile(`^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`)

// readProfile has a property list be read, and holds what is the same for all profiles:
// each payload has its type, a version, and an identifier and a UUID of its own.
func readProfile(tb rapid.TB, text string) profile {
	tb.Helper()
	var p profile
	format, err := plist.Unmarshal([]byte(text), &p)
	if err != nil || format != plist.XMLFormat {
		tb.Fatalf("format %d, %v:\n%s", format, err, text)
	}
	if p.PayloadType != "Configuration" || p.PayloadVersion != 1 || p.PayloadDisplayName == "" {
		tb.Fatalf("no configuration: %+v", p)
	}
	seen := []string{p.PayloadUUID, p.PayloadIdentifier}
	for _, payload := range p.PayloadContent {
		for _, key := range []string{"PayloadUUID", "PayloadIdentifier"} {
			text, _ := payload[key].(string)
			if text == "" || slices.Contains(seen, text) {
				tb.Fatalf("%s %q is there twice, or missing", key, text)
			}
			seen = append(seen, text)
		}
		if version, ok := payload["PayloadVersion"].(uint64); !ok || version != 1 {
			tb.Fatalf("PayloadVersion %v", payload["PayloadVersion"])
		}
	}
	for i := 0; i < len(seen); i += 2 {
		if !uuid.MatchString(seen[i]) || !strings.HasPrefix(seen[i+1], p.PayloadIdentifier) {
			tb.Fatalf("UUID %q, identifier %q", seen[i], seen[i+1])
		}
	}
	return p
}

// dnsSettings is Apple's dictionary of that name, with all keys that it may have.
type dnsSettings struct {
	DNSProtocol, ServerURL, ServerName        string
	ServerAddresses, SupplementalMatchDomains []string
	AllowFailover                             bool
}

// readMobileConfig reads the payload of encrypted DNS.
func readMobileConfig(tb rapid.TB, files []writtenFile) [][]route {
	p := readProfile(tb, onlyFile(tb, files, "auralink.mobileconfig"))
	if len(p.PayloadContent) == 0 {
		return [][]route{nil}
	}
	payload := p.PayloadContent[0]
	if len(p.PayloadContent) != 1 || payload["PayloadType"] != "com.apple.dnsSettings.managed" || p.PayloadScope != "" {
		tb.Fatalf("payloads %v", p.PayloadContent)
	}
	settings := typed[dnsSettings](tb, payload["DNSSettings"])
	if len(settings.SupplementalMatchDomains) == 0 {
		tb.Fatal("without domains the server is asked everything")
	}
	want := dnsSettings{DNSProtocol: "HTTPS", ServerURL: "https://dns.example.org/dns-query"}
	if settings.DNSProtocol == "TLS" {
		want = dnsSettings{DNSProtocol: "TLS", ServerName: "dns.example.org"}
	}
	want.ServerAddresses, want.SupplementalMatchDomains = settings.ServerAddresses, settings.SupplementalMatchDomains
	if diff := cmp.Diff(want, settings); diff != "" {
		tb.Fatalf("(-want +got):\n%s", diff)
	}
	return [][]route{routes(tb, settings.ServerAddresses, settings.SupplementalMatchDomains)}
}

// typed returns a value as a type that has all members that the value has.
func typed[T any](tb rapid.TB, value any) (t T) {
	tb.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		tb.Fatal(err)
	}
	strictly(tb, string(text), &t)
	return t
}

// TestMobileConfigOverTLS: the protocol is a choice, and the identifier as well.
func TestMobileConfigOverTLS(t *testing.T) {
	eachTopology(t, func(t *testing.T, view zones.View) {
		values := map[string]string{"host": "dns.example.org", "protocol": "tls", "identifier": "com.example"}
		files := writeExport(t, "mobileconfig", view, formats.Options{Servers: bothServers, Values: values})
		readMobileConfig(t, files)
		text := onlyFile(t, files, "auralink.mobileconfig")
		if p := readProfile(t, text); p.PayloadIdentifier != "com.example.dns."+view.Name || strings.Contains(text, "HTTPS") {
			t.Errorf("identifier %q in\n%s", p.PayloadIdentifier, text)
		}
	})
}

// browserPolicies are what all of a browser's files have to say.
type browserPolicies struct {
	LocalNetworkAccessAllowedForUrls []string
	DnsOverHttpsMode                 string //nolint:revive // the browsers call it so
}

// firefoxPolicies are those of Firefox, as its policies-schema.json has them.
type firefoxPolicies struct {
	EnterprisePoliciesEnabled bool
	DNSOverHTTPS              struct{ Enabled, Locked bool }
	LocalNetworkAccess        struct{ SkipDomains []string }
}

// TestBrowserPolicy: the policies are the same on each system, and have the origins that
// were given, and no others.
func TestBrowserPolicy(t *testing.T) {
	values := map[string]string{"origins": "https://browser.neo4j.io,https://one.example.org:8443"}
	origins, hosts := strings.Split(values["origins"], ","), []string{"browser.neo4j.io", "one.example.org"}
	want := browserPolicies{origins, "off"}
	var wantFirefox firefoxPolicies
	wantFirefox.DNSOverHTTPS.Locked, wantFirefox.LocalNetworkAccess.SkipDomains = true, hosts
	eachTopology(t, func(t *testing.T, view zones.View) {
		files := writeExport(t, "browser-policy", view, formats.Options{Values: values})

		var chromium map[string]any
		if err := json.Unmarshal([]byte(onlyFile(t, files, "chromium.json")), &chromium); err != nil {
			t.Fatal(err)
		}
		delete(chromium, "_comment")
		var firefox struct{ Policies any }
		if err := json.Unmarshal([]byte(onlyFile(t, files, "firefox.json")), &firefox); err != nil {
			t.Fatal(err)
		}
		got := []any{typed[browserPolicies](t, chromium), typed[firefoxPolicies](t, firefox.Policies)}
		if diff := cmp.Diff([]any{want, wantFirefox}, got); diff != "" {
			t.Errorf("on Linux (-want +got):\n%s", diff)
		}

		mac := readProfile(t, onlyFile(t, files, "browsers.mobileconfig"))
		enabled := wantFirefox
		enabled.EnterprisePoliciesEnabled = true
		wantMac := map[string]any{"com.google.Chrome": want, "com.microsoft.Edge": want, "org.mozilla.firefox": enabled}
		gotMac := make(map[string]any)
		for _, payload := range mac.PayloadContent {
			kind := payload["PayloadType"].(string)
			for key := range payload {
				if strings.HasPrefix(key, "Payload") {
					delete(payload, key)
				}
			}
			if kind == "org.mozilla.firefox" {
				gotMac[kind] = typed[firefoxPolicies](t, payload)
			} else {
				gotMac[kind] = typed[browserPolicies](t, payload)
			}
		}
		if diff := cmp.Diff(wantMac, gotMac); diff != "" || mac.PayloadScope != "System" {
			t.Errorf("on a Mac, scope %q (-want +got):\n%s", mac.PayloadScope, diff)
		}

		if diff := cmp.Diff(wantRegistry(origins, hosts), readRegistry(t, onlyFile(t, files, "browsers.reg"))); diff != "" {
			t.Errorf("on Windows (-want +got):\n%s", diff)
		}
	})
}

// wantRegistry returns the values of each key below Policies.
func wantRegistry(origins, hosts []string) map[string][]string {
	urls := []string{`"7687"="` + origins[0] + `"`, `"7688"="` + origins[1] + `"`}
	return map[string][]string{
		`Google\Chrome`:  {`"DnsOverHttpsMode"="off"`},
		`Microsoft\Edge`: {`"DnsOverHttpsMode"="off"`},
		`Google\Chrome\LocalNetworkAccessAllowedForUrls`:  urls,
		`Microsoft\Edge\LocalNetworkAccessAllowedForUrls`: urls,
		`Mozilla\Firefox\DNSOverHTTPS`:                    {`"Enabled"=dword:00000000`, `"Locked"=dword:00000001`},
		`Mozilla\Firefox\LocalNetworkAccess\SkipDomains`:  {`"7687"="` + hosts[0] + `"`, `"7688"="` + hosts[1] + `"`},
	}
}

// readRegistry reads a file of the registry editor: its lines end as on Windows.
func readRegistry(t *testing.T, text string) map[string][]string {
	t.Helper()
	head, body, _ := strings.Cut(text, "\r\n")
	if head != "Windows Registry Editor Version 5.00" || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Fatalf("begins with %q", head)
	}
	keys, key := make(map[string][]string), ""
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\r\n"), "\r\n") {
		switch path, isKey := strings.CutPrefix(line, `[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\`); {
		case line == "", strings.HasPrefix(line, "; "):
		case isKey:
			key = strings.TrimSuffix(path, "]")
		case registryValue.MatchString(line) && key != "":
			keys[key] = append(keys[key], line)
		default:
			t.Fatalf("line %q", line)
		}
	}
	return keys
}

var registryValue = regexp.MustCompile(`^"[A-Za-z0-9]+"=("[^"\\]*"|dword:[0-9a-f]{8})$`)
