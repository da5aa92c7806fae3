package lua_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/zones/formats/internal/lua"
)

// Each want is line, text and, with an exclamation mark, that a statement is a program; with
// a point, that the program may end in it.
func TestStatements(t *testing.T) {
	for _, tt := range []struct {
		name, program string
		want          []string
	}{
		{"calls and variables", "f('a', \"b\") x = 1\ny={2}", []string{`1 f("a","b")`, "1 x=1", "2 y={2}"}},
		{"a first line for the system", "#!/usr/bin/lua\nf(1)", []string{"2 f(1)"}},
		{"a first line of one mark", "#\nf(1)\ng(2)", []string{"2 f(1)", "3 g(2)"}},
		{"the length of a string is no comment", "x = #'ab'", []string{`1 x=#"ab"`}},
		{"comments", "-- f(1)\n--[[ g(2)\n]] h(3) --", []string{"3 h(3)"}},
		{"long strings", "f([==[a]]b]==])\ng(1)", []string{`1 f("a]]b")`, "2 g(1)"}},
		{"a loop with its do, and one of its own", "for i=1,2 do f(i) end do g(1) end h(2)", []string{"1! for i=1,2 do f(i)end", "1! do g(1)end", "1 h(2)"}},
		{"a function", "function f() if a then return 1 end end g(2)", []string{"1! function f()if a then return 1 end end", "1 g(2)"}},
		{"a return", "do return end f(1)", []string{"1!. do return end", "1 f(1)"}},
		{"a return behind which nothing stands", "f(1) return", []string{"1 f(1)", "1! return"}},
		{"a return of a condition", "if a then return end\nf(1)", []string{"1!. if a then return end", "2 f(1)"}},
		{"a return of a function in brackets", "f(function() return 1 end) do return end g(2)", []string{"1! f(function()return 1 end)", "1!. do return end", "1 g(2)"}},
		{"a goto", "goto done\nf(1)", []string{"1!. goto done", "2 f(1)"}},
		{"an error", "error('x') f(1)", []string{`1. error("x")`, "1 f(1)"}},
		{"an exit within a call", "f(os.exit()) g(os['exit'](1))", []string{"1. f(os.exit())", `1. g(os["exit"](1))`}},
		{"a text that names a function", "f('error') x = {['a'] = 'exit'}", []string{`1 f("error")`, `1 x={["a"]="exit"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all, err := lua.Statements(strings.NewReader(tt.program), "config")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range all {
				mark := ""
				if s.Program {
					mark = "!"
				}
				if s.Ends {
					mark += "."
				}
				got = append(got, fmt.Sprintf("%d%s %s", s.Place.Line, mark, s.Text))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
