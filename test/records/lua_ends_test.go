package records_test

import (
	"path/filepath"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// luaBegins are statements that stand before the policy zone in a configuration in Lua: those with
// which the servers end it, or do not start, and others.
var luaBegins = []string{
	"do return end", "if true then return end", "error('x')", "os.exit(1)", "if true then os['exit'](1) end", "goto done", "local x = assert(false)",
	"if true then nosuch() end", "local x = nosuch()", "local x = nil .. 'a'", "for i = 1, 2 do nosuch() end", "if nosuch then error('x') end", "local function f() error('x') end", "f = function() nosuch() end",
	"local x = 1", "local function f() return 1 end", "-- do return end", "do local x = 'return' end",
}

// TestLuaEnds: a policy zone that servers never come to is told.
func TestLuaEnds(t *testing.T) {
	public := peers.Public(t)
	for _, server := range policyServers[2:] {
		for _, begin := range luaBegins {
			t.Run(server.config+"/"+begin, func(t *testing.T) {
				t.Parallel()
				files := map[string]string{
					server.config: server.text, "rpz.db": loadedSOA + loadedNS + "x.a.org A 10.0.0.1\n", "recursor.lua": "rpzFile(\"rpz.db\")\n",
				}
				program := "recursor.lua"
				if server.config == "kresd.conf" {
					program = server.config
				}
				files[program] = begin + "\n" + files[program]
				if begin == "goto done" {
					files[program] += "::done::\n"
				}
				dir := t.TempDir()
				for name, text := range files {
					write(t, filepath.Join(dir, name), text)
				}
				part, err := existing.Options{}.Apart(filepath.Join(dir, server.config))
				if err != nil {
					t.Fatal(err)
				}
				read := true
				for _, f := range part.Set.Faults([]string{"x.a.org."}, nil) {
					read = read && f.Kind != holdings.NotRead
				}
				if got := loads(t, server.peer(peers.Resolving{Files: files, Upstream: public}), read); got != read {
					t.Errorf("it is loaded %v, read %v, faults %v", got, read, part.Set.Faults(nil, nil))
				}
			})
		}
	}
}
