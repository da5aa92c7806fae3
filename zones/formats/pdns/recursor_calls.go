package pdns

import (
	"slices"
	"strings"
	"sync"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/zones/formats/internal/lua"
)

// luaCalls are the calls that change no answer to who asks for addresses, with the kinds of what
// they take: "?" stands behind what may be left out.
var luaCalls = map[string]string{
	"addTA": "text digest", "clearTA": "text?", "addDS": "text digest", "clearDS": "text?", "addNTA": "text text?", "clearNTA": "text?",
	"readTrustAnchorsFromFile": "text", "protobufServer": "any table?", "outgoingProtobufServer": "any table?",
	"dnstapFrameStreamServer": "any table?", "dnstapNODFrameStreamServer": "any table?", "setProtobufMasks": "number number",
	"addSortList": "range ranges number?",
}

// luaKinds are the kinds that they name.
var luaKinds = map[string]func(v lua.Value) bool{
	"any":    func(v lua.Value) bool { return v.Is(lua.String | lua.Table) },
	"text":   func(v lua.Value) bool { return v.Is(lua.String) },
	"number": func(v lua.Value) bool { return v.Is(lua.Number) },
	"table":  func(v lua.Value) bool { return v.Is(lua.Table) },
	"digest": func(v lua.Value) bool {
		rr, err := dns.NewRR(". DS " + v.Text)
		return v.Is(lua.String) && (!v.Known || err == nil && rr != nil)
	},
	"range":  isLuaRange,
	"ranges": isLuaRanges,
}

func isLuaRange(v lua.Value) bool {
	_, err := address.ParseRange(v.Text)
	return v.Is(lua.String) && (!v.Known || err == nil)
}

// isLuaRanges reports whether a value is a range, or a list of ranges and of lists of them.
func isLuaRanges(v lua.Value) bool {
	return isLuaRange(v) || v.Is(lua.Table) && !slices.ContainsFunc(v.Items, func(item lua.Item) bool { return !isLuaRanges(item.Value) })
}

// luaFunctions are those of Lua that programs have use for.
var luaFunctions = map[string]lua.Function{
	"os.getenv": {Takes: []lua.Kinds{lua.String}, Returns: lua.Nil | lua.String},
	"os.time":   {Returns: lua.Number}, "os.clock": {Returns: lua.Number},
}

// luaValues are the policies that policy zones can have instead of their rules, by their names.
var luaValues = sync.OnceValue(func() map[string]lua.Value {
	values := make(map[string]lua.Value)
	for _, name := range []string{"NoAction", "Drop", "NXDOMAIN", "NODATA", "Truncate", "Custom"} {
		values["Policy."+name] = lua.Value{Kinds: lua.Number, Known: true, Text: name}
	}
	return values
})

// luaReserved are the names of the Recursor's and of Lua's that configurations use.
var luaReserved = sync.OnceValue(func() map[string]bool {
	set := lua.Reserved(`rpzFile rpzMaster rpzPrimary addProxyMapping addAllowedAdditionalQType zoneToCache pdns Policy AdditionalMode
		pdnslog newCA newDN newNMG newDS`)
	for name := range luaCalls {
		set[name] = true
	}
	return set
})

// luaHarmless reports whether a statement is a call that changes no answer, and that the Recursor
// takes.
func luaHarmless(scope *lua.Scope, text string) bool {
	name, args, is := scope.Call(text)
	kinds, known := luaCalls[name]
	return is && known && lua.Fit(strings.Fields(kinds), args, func(kind string, _ bool, v lua.Value) bool { return luaKinds[kind](v) })
}
