package clients

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/plist"
)

var originPattern = regexp.MustCompile(`^https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]+(:[1-9][0-9]{0,4})?$`)

// BrowserPolicy are managed policies of browsers.
var BrowserPolicy = formats.Format{
	Name:    "browser-policy",
	Group:   formats.GroupClients,
	Summary: "managed policies for Chrome, Edge, Chromium and Firefox: the console's pages may reach private links, and DNS stays here",
	Form: "The policy LocalNetworkAccessAllowedForUrls for the console's origins, without which Chrome and Edge 142 and later ask " +
		"before a page of a public origin reaches a private address, and DnsOverHttpsMode off; of Firefox LocalNetworkAccess and " +
		"DNSOverHTTPS. On Linux copy chromium.json to /etc/opt/chrome/policies/managed, /etc/opt/edge/policies/managed or " +
		"/etc/chromium/policies/managed, and firefox.json to /etc/firefox/policies/policies.json. On Windows import browsers.reg as an administrator; " +
		"its entries are numbered from 7687, so that those of others stay. On a Mac have your device management install " +
		"browsers.mobileconfig. All VPCs have the same settings.",
	Limits: "Check with chrome://policy, edge://policy or about:policies; the first two call _comment an unknown policy, which says whose file it is. In Firefox before 151 the page asks, whatever the policy says. Firefox " +
		"reads one policies.json: merge it with one that is there. Safari has no such policy. Nothing here opens a way for " +
		"pages of other origins.",
	Parameters: []formats.Parameter{
		{
			Name: "origins", Default: strings.Join(auraname.PageOrigins(), ","), Doc: "the origins whose pages may reach private addresses, with commas between them",
			Check: formats.EachOf(formats.Matches(originPattern, "an origin such as https://browser.neo4j.io")),
		},
		identifierParameter,
	},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		origins := strings.Split(o.Values["origins"], ",")
		return formats.Files(
			formats.File{Name: "chromium.json", Write: func(w io.Writer, _ uint32) error {
				return jsontext.Write(w, append(jsontext.Object{{"_comment", formats.Sentence(policies, v)}}, chromiumPolicy(origins)...))
			}},
			formats.File{Name: "firefox.json", Write: func(w io.Writer, _ uint32) error {
				return jsontext.Write(w, jsontext.Object{{"_comment", formats.Sentence(policies, v)}, {"policies", firefoxPolicy(origins)}})
			}},
			formats.File{Name: "browsers.reg", Write: func(w io.Writer, _ uint32) error { return writeRegistry(w, v, origins) }},
			formats.File{Name: "browsers.mobileconfig", Write: func(w io.Writer, _ uint32) error { return browserProfile(v, o, origins).Write(w) }},
		), nil
	},
}

// policies are what the files have.
const policies = "Policies of browsers"

// allowed is the policy of Chrome and Edge by which pages reach private addresses.
const allowed = "LocalNetworkAccessAllowedForUrls"

// chromiumPolicy returns the policies of Chrome, Edge and Chromium.
func chromiumPolicy(origins []string) jsontext.Object {
	return jsontext.Object{{allowed, origins}, {"DnsOverHttpsMode", "off"}}
}

// firefoxPolicy returns the policies of Firefox.
func firefoxPolicy(origins []string) jsontext.Object {
	return jsontext.Object{
		{"DNSOverHTTPS", jsontext.Object{{"Enabled", false}, {"Locked", true}}},
		{"LocalNetworkAccess", jsontext.Object{{"SkipDomains", hostsOf(origins)}}},
	}
}

// hostsOf returns the names of the origins' hosts, as Firefox compares them.
func hostsOf(origins []string) (hosts []string) {
	for _, origin := range origins {
		host, _, _ := strings.Cut(strings.TrimPrefix(origin, "https://"), ":")
		hosts = append(hosts, host)
	}
	return hosts
}

// firstEntry is the number of our first entry in a list of the registry: browsers take
// all entries, whatever their numbers.
const firstEntry = 7687

// writeRegistry writes what the registry editor of Windows imports.
func writeRegistry(w io.Writer, v zones.View, origins []string) error {
	out := bufio.NewWriter(w)
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\r\n", args...) }
	list := func(key string, texts []string) {
		line("")
		line(`[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\%s]`, key)
		for i, text := range texts {
			line(`"%d"="%s"`, firstEntry+i, text)
		}
	}
	line("Windows Registry Editor Version 5.00")
	line("")
	line("; %s", formats.Sentence(policies, v))
	for _, key := range []string{`Google\Chrome`, `Microsoft\Edge`} {
		line("")
		line(`[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\%s]`, key)
		line(`"DnsOverHttpsMode"="off"`)
		list(key+`\`+allowed, origins)
	}
	line("")
	line(`[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Mozilla\Firefox\DNSOverHTTPS]`)
	line(`"Enabled"=dword:00000000`)
	line(`"Locked"=dword:00000001`)
	list(`Mozilla\Firefox\LocalNetworkAccess\SkipDomains`, hostsOf(origins))
	return out.Flush() // the first error of all writes
}

// browserProfile returns the configuration profile for Macs.
func browserProfile(v zones.View, o formats.Options, origins []string) plist.Profile {
	chromium := plist.Dict{{Key: allowed, Value: plist.Strings(origins)}, {Key: "DnsOverHttpsMode", Value: "off"}}
	profile := plist.Profile{
		Identifier:  profileIdentifier(o, "browsers", v),
		Title:       "Browsers and private links of Neo4j Aura",
		Description: formats.Sentence(policies, v),
		Scope:       "System",
	}
	for _, browser := range []struct{ kind, label, title string }{
		{"com.google.Chrome", "chrome", "Google Chrome"},
		{"com.microsoft.Edge", "edge", "Microsoft Edge"},
	} {
		profile.Payloads = append(profile.Payloads, plist.Payload{Type: browser.kind, Label: browser.label, Title: browser.title, Settings: chromium})
	}
	profile.Payloads = append(profile.Payloads, plist.Payload{
		Type: "org.mozilla.firefox", Label: "firefox", Title: "Firefox",
		Settings: plist.Dict{
			{Key: "EnterprisePoliciesEnabled", Value: true},
			{Key: "DNSOverHTTPS", Value: plist.Dict{{Key: "Enabled", Value: false}, {Key: "Locked", Value: true}}},
			{Key: "LocalNetworkAccess", Value: plist.Dict{{Key: "SkipDomains", Value: plist.Strings(hostsOf(origins))}}},
		},
	})
	return profile
}
