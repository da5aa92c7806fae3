package exports_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const (
	// openvpnClient and openvpnServer are enough for OpenVPN to read its whole
	// configuration, say what it has understood (verb 4), and give up: there is
	// no certificate.
	openvpnClient = "client\ndev null\nremote 127.0.0.1\nca /dev/null\ncert /dev/null\nkey /dev/null\nverb 4\n"
	openvpnServer = "mode server\ntls-server\ndev tun\nca /dev/null\ncert /dev/null\nkey /dev/null\ndh none\nverb 4\n"
)

// parseOpenVPN has OpenVPN read a configuration, and returns what it says.
func parseOpenVPN(t *testing.T, program, head, export string) string {
	t.Helper()
	config := filepath.Join(t.TempDir(), "test.conf")
	if err := os.WriteFile(config, []byte(head+export), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "--config", config).CombinedOutput()
	if err == nil {
		t.Fatalf("openvpn went on without a certificate:\n%s", out)
	}
	return string(out)
}

// openvpnSetting is a line of what OpenVPN has understood; the time is before it.
var openvpnSetting = regexp.MustCompile(`us=\d+ +(\S.*)$`)

// openvpnDNS returns the servers and the domains that OpenVPN has understood.
func openvpnDNS(output string) (servers, domains []string) {
	section := ""
	for line := range strings.Lines(output) {
		match := openvpnSetting.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if match == nil {
			continue
		}
		switch address, isAddress := strings.CutPrefix(match[1], "address = "); {
		case match[1] == "DNS server #1:":
			section = "server"
		case section == "server" && isAddress:
			servers = append(servers, address)
		case section == "server" && match[1] == "resolve domains:":
			section = "domains"
		case section == "domains" && !strings.Contains(match[1], " "):
			domains = append(domains, match[1])
		case section == "domains":
			section = "" // the next setting
		}
	}
	return servers, domains
}

// TestOpenVPN has OpenVPN read what it is told of the numbered topologies: for a
// client, and what a server tells its clients.
func TestOpenVPN(t *testing.T) {
	program := peers.Find(t, "openvpn", "openvpn")
	eachTopology(t, func(t *testing.T, view zones.View) {
		options := formats.Options{Servers: bothServers}
		format, _ := all.Named("openvpn")
		if _, err := format.Files(view, options); err != nil {
			t.Skip(err)
		}
		var servers, domains []string
		for domain := range view.Domains() {
			servers = []string{"10.0.0.53", "fd00::53"}
			domains = append(domains, strings.TrimSuffix(domain.Name, "."))
		}
		files := writeExport(t, "openvpn", view, options)
		server := onlyFile(t, files, "openvpn-server.conf")
		if out := parseOpenVPN(t, program, openvpnServer, server); !strings.Contains(out, "Current Parameter Settings:") {
			t.Errorf("the server says:\n%s", out)
		}
		pushed := strings.NewReplacer(`push "`, "", `"`, "").Replace(server)
		for _, options := range []string{onlyFile(t, files, "openvpn-client.conf"), pushed} {
			out := parseOpenVPN(t, program, openvpnClient, options)
			gotServers, gotDomains := openvpnDNS(out)
			if diff := cmp.Diff([][]string{servers, domains}, [][]string{gotServers, gotDomains}); diff != "" {
				t.Errorf("servers and domains (-view +OpenVPN):\n%s\n%s", diff, out)
			}
		}
	})
}

// TestOpenVPNLines: OpenVPN reads the longest line that we write, and no longer
// one; and it says so where it does not know an option.
func TestOpenVPNLines(t *testing.T) {
	program := peers.Find(t, "openvpn", "openvpn")
	for _, tt := range []struct {
		name, line string
		wrong      string
	}{
		{"the longest", `push "dns server 1 resolve-domains ` + strings.Repeat("l", 218) + `"`, ""},
		{"too long", `push "dns server 1 resolve-domains ` + strings.Repeat("l", 219) + `"`, "Maximum option line length"},
		{"eight addresses", "dns server 1 address" + strings.Repeat(" 10.0.0.53", 8), ""},
		{"nine addresses", "dns server 1 address" + strings.Repeat(" 10.0.0.53", 9), "Options error"},
		{"unknown", "dns server 1 resolve-domain example.org", "Options error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := parseOpenVPN(t, program, openvpnServer, tt.line+"\n")
			if tt.wrong == "" && !strings.Contains(out, "Current Parameter Settings:") || !strings.Contains(out, tt.wrong) {
				t.Errorf("OpenVPN says, wanted %q:\n%s", tt.wrong, out)
			}
		})
	}
}
