package pdns

import (
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/lua"
)

// luaConfig reads the policy zones of a configuration in Lua.
func (c *recursor) luaConfig(file setting) {
	c.in.Follow(c.b, formats.Mention{
		What: "lua-config-file", Path: file.value, Place: file.place, Consequence: needed,
	}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		statements, err := lua.Statements(r, in.Name)
		scope := &lua.Scope{Reserved: luaReserved(), Values: luaValues(), Functions: luaFunctions, Harmless: luaHarmless}
		for _, s := range statements {
			c.luaStatement(scope, s)
		}
		return err
	})
}

// luaStatement reads a policy zone. All else may change answers, unless it is known not to.
func (c *recursor) luaStatement(scope *lua.Scope, s lua.Statement) {
	name, args, called := scope.Call(s.Text)
	switch {
	case scope.Inert(s):
	case s.Ends:
		c.b.Unread(s.Place, "%s is not read: the program may end with it, and what stands behind it is not run", lines.Shown(s.Source))
	case s.Program:
		c.b.Unread(s.Place, "%s is not read: it is a program, and can change answers, or fail, with which PowerDNS Recursor does not start", lines.Shown(s.Source))
	case called && name == "rpzFile" && isPolicy(args):
		c.luaPolicy(args, s.Place)
	default:
		c.b.Unread(s.Place, "%s is not read: it can change answers, or PowerDNS Recursor does not start with it", lines.Shown(s.Source))
	}
}

// policySettings are what the table of a policy zone may have, by the kinds of their values.
var policySettings = map[string]lua.Kinds{
	"tags": lua.Table, "defttl": lua.Number, "ignoreDuplicates": lua.Boolean, "maxTTL": lua.Number, "overridesGettag": lua.Boolean,
	"policyName": lua.String, "extendedErrorCode": lua.Number, "extendedErrorExtra": lua.String, "includeSOA": lua.Boolean,
	"zoneSizeHint": lua.Number, "defpol": lua.Number, "defcontent": lua.String, "defpolOverrideLocalData": lua.Boolean,
}

// isPolicy reports whether the Recursor takes what rpzFile is called with: with a value of another
// kind it goes on without the policy zone.
func isPolicy(args []lua.Value) bool {
	if len(args) == 0 || len(args) > 2 || !args[0].Is(lua.String) || !args[0].Known {
		return false
	}
	return len(args) == 1 || args[1].Is(lua.Table) && !slices.ContainsFunc(args[1].Items, func(item lua.Item) bool {
		kinds, known := policySettings[item.Key]
		listed := slices.ContainsFunc(item.Items, func(tag lua.Item) bool { return tag.Key != "" || !tag.Is(lua.String) })
		return known && (!item.Is(kinds) || listed)
	})
}

// luaPolicy adds a policy zone in a file, with what its table has. A policy that leaves local
// data as it is takes the place of all other rules, and any other one those of the zone.
func (c *recursor) luaPolicy(args []lua.Value, at holdings.Place) {
	defaults, keeps, overrides := "", false, false
	for _, table := range args[1:] {
		for _, item := range table.Items {
			_, known := policySettings[item.Key]
			switch {
			case item.Key == "defpol":
				defaults = item.Text
			case item.Key == "defpolOverrideLocalData":
				keeps = item.Text == "false"
			case item.Key == "defcontent" || !known:
				overrides = true
			}
		}
	}
	instead := strings.ToLower(defaults)
	if !keeps || instead != "drop" && instead != "nxdomain" && instead != "nodata" {
		overrides, instead = overrides || defaults != "", ""
	}
	before := len(c.policies)
	c.policy(args[0].Text, overrides, at)
	if len(c.policies) > before && instead != "" {
		c.policies[before].Override, c.policies[before].KeepsData = instead, true
	}
}
