package records_test

// startableKresd has statements that Knot Resolver runs, and others.
var startableKresd = startableServer{
	file: "kresd.conf", format: "kresd", check: []string{"kresd", "-n", "-q", "-c", "around.conf", "-a", "127.0.0.1@PORT", "."},
	around: "net.ipv6 = false\ndofile('DIR/kresd.conf')\nquit()\n",
	slow:   true,
	texts: []string{
		"cache.size = 10*MB", "cache.size = 10 * MB", "cache.size = 10*", "cache.size 10", "cache.size = 10*MB)", "net.ipv6 = false", "net.ipv7 = false", "net.lisen('127.0.0.1', 55399)", "net.listen('127.0.0.1', 55399)", "net.listen('127.0.0.1', 55399, { kind = 'dns' })", "net.listen('127.0.0.1', 55399 { kind = 'dns' })", "net.listen('127.0.0.1', 55399", "net.listen('127.0.0.1, 55399)",
		"modules = { 'hints > iterate', 'policy' }", "modules = { 'hints > iterate' 'policy' }", "modules = { 'hints > iterate', 'policy'", "modules = { 'hints > iterate' }\nhints['a.b'] = '10.0.0.1'", "log_level('info')", "log_lvl('info')", "log_level('info'", "trust_anchors.remove('.')", "trust_anchors.remov('.')", "xyzzy net.ipv6 = false", "net.ipv6 = = false", "}", "end", "local x = 1", "-- a comment", "--[[ a comment", "print('a)", "if true then", "net.ipv6 = false;",
		"modules.load('nosuch')", "modules = { 'nosuch' }", "modules = { nosuch = { a = 1 } }", "modules = { 'policy'; 'nosuch' }", "modules.unload('nosuch')", "modules.load('hints > nosuch')", "modules.load(' hints')", "modules.load('hints < iterate')",
		"modules = { predict = { window = 15, period = 24 }, 'hints > iterate' }", "modules = { ['predict'] = { window = 15 } }", "error('x')", "local x = error('x')", "if true then error('x') end", "cache.size = error('x')", "assert(false)", "do return end", "return",
	},
}
