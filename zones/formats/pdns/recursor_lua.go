package pdns

import (
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/lua"
)

var (
	// rpzFile is a policy zone in a file, with what its table has.
	rpzFile = regexp.MustCompile(`^rpzFile\("([^"\\]+)"(?:,\{(.*)\})?\)$`)
	// plain are what a table may have that leaves the rules as they are.
	plain = regexp.MustCompile(`\b(tags|defttl|ignoreDuplicates|maxTTL|overridesGettag|policyName|extendedError[A-Za-z]*|includeSOA|zoneSizeHint)=`)
)

// luaConfig reads the policy zones of a configuration in Lua.
func (c *recursor) luaConfig(file setting) {
	c.in.Follow(c.b, formats.Mention{
		What: "lua-config-file", Path: file.value, Place: file.place, Consequence: needed,
	}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		statements, err := lua.Statements(r, in.Name)
		scope := &lua.Scope{Reserved: luaReserved(), Functions: luaFunctions, Harmless: luaHarmless}
		for _, s := range statements {
			c.luaStatement(scope, s)
		}
		return err
	})
}

// luaStatement reads a policy zone. All else may change answers, unless it is known not to.
func (c *recursor) luaStatement(scope *lua.Scope, s lua.Statement) {
	match := rpzFile.FindStringSubmatch(s.Text)
	switch {
	case scope.Inert(s):
	case s.Ends:
		c.b.Unread(s.Place, "%s is not read: the program may end with it, and what stands behind it is not run", lines.Shown(s.Source))
	case s.Program:
		c.b.Unread(s.Place, "%s is not read: it is a program, and can change answers, or fail, with which PowerDNS Recursor does not start", lines.Shown(s.Source))
	case match != nil:
		c.luaPolicy(match[1], match[2], s.Place)
	default:
		c.b.Unread(s.Place, "%s is not read: it can change answers, or PowerDNS Recursor does not start with it", lines.Shown(s.Source))
	}
}

var (
	defaultPolicy = regexp.MustCompile(`\bdefpol=Policy\.(Drop|NXDOMAIN|NODATA)\b`)
	keepsData     = regexp.MustCompile(`\bdefpolOverrideLocalData=false\b`)
)

// luaPolicy adds a policy zone in a file, with what its table has. A policy that leaves local
// data as it is takes the place of all other rules.
func (c *recursor) luaPolicy(file, table string, at holdings.Place) {
	instead := ""
	if match := defaultPolicy.FindStringSubmatch(table); match != nil && keepsData.MatchString(table) {
		instead = strings.ToLower(match[1])
		table = keepsData.ReplaceAllString(defaultPolicy.ReplaceAllString(table, ""), "")
	}
	before := len(c.policies)
	c.policy(file, overriding(table), at)
	if len(c.policies) > before && instead != "" {
		c.policies[before].Override, c.policies[before].KeepsData = instead, true
	}
}

// overriding reports whether what the table of a policy zone has changes its rules, or
// may do so.
func overriding(table string) bool {
	return strings.Contains(plain.ReplaceAllString(table, ""), "=")
}
