// Package pdns reads the configurations of PowerDNS: pdns.conf of the authoritative
// server, with the named.conf of its bind backend, and recursor.conf of the Recursor, in
// its old form and in YAML.
package pdns

import (
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// setting is the value of a setting, and where it was last said.
type setting struct {
	value string
	place holdings.Place
}

// settings are a configuration's, by name.
type settings map[string]setting

// list returns the items of a setting that is a list, with commas between them.
func (s settings) list(key string) []string { return split(s[key].value, ",") }

// yes reports whether a setting is switched on: by any value but "no" and "off", as the
// Recursor takes it.
func (s settings) yes(key string) bool {
	said, there := s[key]
	return there && !slices.Contains([]string{"no", "off"}, strings.ToLower(said.value))
}

// split returns the parts of a text that are not blank.
func split(text, separators string) []string {
	var parts []string
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(separators, c) }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// parser gathers settings.
type parser struct {
	b    *holdings.Builder
	what string // the server, for messages
	all  settings
	bare map[string]bool // settings without a value: they are switched on
	part bool            // another file may stand before what is read
	name string          // of the file that is given
}

// read reads the settings of a configuration, and of those in the directory that it
// includes, which count after all of its own.
func (p *parser) read(r io.Reader, in formats.Input) error {
	p.all, p.bare, p.part, p.name = make(settings), make(map[string]bool), !isFirst(in.Name), in.Name
	if err := in.Whole(p.b, r, p.file); err != nil {
		return err
	}
	include := p.all["include-dir"]
	if include.value == "" {
		return nil
	}
	return in.Include(p.b, formats.Mention{
		What: "include-dir", Path: include.value, Kind: formats.Folder, Place: include.place,
		Skip: func(name string) bool {
			return !strings.HasSuffix(name, ".conf") || strings.HasPrefix(path.Base(name), ".")
		},
		Consequence: ", and " + p.what + " does not start without it",
	}, p.file)
}

// isFirst reports whether a file is called like those that a server reads first, or is not
// called anything: others may be parts of one, which count after it.
var isFirst = pattern.Matching(`(^|/)(-|(pdns|recursor)(-[^/]*)?\.(conf|ya?ml))$`)

// comment matches one, which begins a line, or has a blank before it.
var comment = regexp.MustCompile(`(^|[ \t])#.*`)

// file reads one file. A backslash at a line's end continues it.
func (p *parser) file(r io.Reader, in formats.Input) error {
	in.Plain(p.b, p.what)
	before := ""
	var begin holdings.Place
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		if before == "" {
			begin = at
		}
		if rest, continues := strings.CutSuffix(strings.TrimRight(line, " \t"), `\`); continues {
			before += rest
			return nil
		}
		line, before = before+line, ""
		if line = strings.TrimSpace(comment.ReplaceAllString(line, "")); line != "" {
			p.line(line, begin)
		}
		return nil
	})
}

// line reads a setting: "+=" adds to what was said before.
func (p *parser) line(line string, at holdings.Place) {
	key, value, found := strings.Cut(line, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if !found {
		value = "yes"
	}
	if own, adds := strings.CutSuffix(key, "+"); adds {
		key = strings.TrimSpace(own)
		value = p.added(key, value, at)
	}
	p.all[key], p.bare[key] = setting{value, at}, !found
}

// added returns the value of a setting to which another one is added. Where it was not said before
// and is usually empty there is nothing to add to.
func (p *parser) added(key, value string, at holdings.Place) string {
	before, said := p.all[key]
	switch {
	case before.value != "":
		return before.value + "," + value
	case !said && slices.Contains(strings.Fields(empty), key) && p.part:
		p.b.Unread(at, "%s+= adds to what the file that includes this one says, which is not read: give that file as well, as the first one", key)
	case !said && slices.Contains(strings.Fields(empty), key):
		p.b.NotStarted(p.what, at, "incremental setting %s without a parent", key)
	case !said && key == "allow-from":
		return usualClients + "," + value
	}
	return value
}

// empty are the settings of both servers that have no usual value.
const empty = `also-notify api-key carbon-ourname carbon-server chroot config-name default-publish-cdnskey default-publish-cds default-soa-edit
default-soa-edit-signed default-zsk-algorithm domain-metadata-cache-ttl edns-cookie-secret forward-notify ignore-unknown-settings include-dir launch
load-modules logging-facility lua-axfr-script lua-dnsupdate-policy-script lua-prequery-script max-signature-cache-entries proxy-protocol-from server-id
setgid setuid socket-dir tcp-control-address tcp-control-secret trusted-notification-proxy webserver-password allow-from-file allow-notify-for
allow-notify-for-file allow-notify-from-file api-config-dir auth-zones cpu-map dns64-prefix dont-throttle-names dont-throttle-netmasks dot-to-auth-names
ecs-scope-zero-address edns-padding-from edns-subnet-allow-list edns-subnet-whitelist export-etc-hosts-search-suffix forward-zones forward-zones-file
forward-zones-recurse hint-file lua-config-file lua-dns-script protobuf-use-kernel-timestamp public-suffix-list-file quiet snmp-daemon-socket
snmp-master-socket socket-group socket-mode socket-owner x-dnssec-names bind-config bind-dnssec-db`

// note notes the settings that could matter and are not read, with the reason.
func (p *parser) note(matters map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(matters)) {
		if s := p.all[key]; s.value != "" && s.value != "no" {
			p.b.Unread(s.place, "%s is not read: %s", key, matters[key])
		}
	}
}
