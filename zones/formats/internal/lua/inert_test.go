package lua_test

import (
	"strings"
	"testing"

	"github.com/auralink/auralink/zones/formats/internal/lua"
)

// TestInert: a program changes nothing and does not fail, or that is not known.
func TestInert(t *testing.T) {
	deep := "local x = " + strings.Repeat("(", 200) + strings.Repeat(")", 200)
	for program, want := range map[string]bool{
		"local x = 1":                                                 true,
		"local x, y = 'a', {1, b=2, ['c']=3}":                         true,
		"x = -1 + 2 * 3 local y = x - 1":                              true,
		"local x = nosuch()":                                          false,
		"local x = nosuch.field":                                      false,
		"local x = server.field":                                      false,
		"local x = 'a' .. nil":                                        false,
		"local x = 'a' .. 1":                                          true,
		"local x = env('X') .. 'a'":                                   false,
		"local x = (env('X') or 'b') .. 'a'":                          true,
		"local x = env('X') or 'b' local y = #x":                      true,
		"local x = 1 < 'a'":                                           false,
		"local x = not (1 < 2 and 'a' ~= nil)":                        true,
		"local server = 1":                                            false,
		"server = nil":                                                false,
		"function f() error('x') end":                                 true,
		"local function f() if a then return 1 else nosuch() end end": true,
		"function server.f() end":                                     false,
		"local function f() end f()":                                  false,
		"if true then nosuch() end":                                   false,
		"if false then nosuch() end":                                  true,
		"if nosuch then error('x') else quiet() end":                  true,
		"if 1 == 1 then quiet() elseif 1 > 2 then quiet() end":        true,
		"if 1 == 1 then x = 1 end local y = x + 1":                    false,
		"for i = 1, 3 do quiet() end":                                 true,
		"for i = 1, 3 do nosuch() end":                                false,
		"for i = 1, 'a' do quiet() end":                               false,
		"while true do quiet() end":                                   false,
		"do local x = 1 end":                                          true,
		"return":                                                      true,
		"return nosuch()":                                             false,
		"return 1 quiet()":                                            false,
		"local x = ('a'):rep(3)":                                      false,
		"local x = 'a'.b":                                             false,
		"local x = function() nosuch() end":                           true,
		"local x = (function() nosuch() end)()":                       false,
		deep:                                                          false,
	} {
		t.Run(program, func(t *testing.T) {
			scope := lua.Scope{
				Reserved:  map[string]bool{"server": true, "error": true},
				Functions: map[string]lua.Function{"env": {Takes: []lua.Kinds{lua.String}, Returns: lua.Nil | lua.String}},
				Harmless:  func(_ *lua.Scope, text string) bool { return text == "quiet()" },
			}
			all, err := lua.Statements(strings.NewReader(program), "config")
			if err != nil {
				t.Fatal(err)
			}
			got := true
			for _, s := range all {
				got = got && scope.Inert(s)
			}
			if got != want {
				t.Errorf("it is inert %v, want %v", got, want)
			}
		})
	}
}
