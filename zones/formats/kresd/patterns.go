package kresd

import (
	"regexp"

	"github.com/auralink/auralink/internal/holdings"
)

// The statements that are known, as they stand without comments and blanks.
var (
	hintSet   = regexp.MustCompile(`^hints\.set\(\s*["']\s*(\S+)\s+(\S+?)\s*["']\s*\)$`)
	hintIndex = regexp.MustCompile(`^hints\[\s*["'](\S+?)["']\s*\]\s*=\s*["'](\S+?)["']$`)
	hintFile  = regexp.MustCompile(`^hints\.(?:add_hosts|config)\(\s*["']([^"']+)["']\s*\)$`)
	addSuffix = regexp.MustCompile(`^policy\.add\(\s*policy\.(suffix|domains)\(\s*(.*?)\s*,\s*(policy\.todnames\(\s*)?\{(.*)\}\s*\)?\s*\)\s*\)$`)
	addAll    = regexp.MustCompile(`^policy\.add\(\s*policy\.all\(\s*(.*?)\s*\)\s*\)$`)
	nameList  = regexp.MustCompile(`^(?:local\s+)?([A-Za-z_]\w*)\s*=\s*(policy\.todnames\(\s*\{[^{}]*\}\s*\)|\{\s*todname\([^{}]*\})$`)
	viewAddr  = regexp.MustCompile(`^view:addr\(\s*["']([^"']+)["']\s*,\s*(policy\.(?:suffix|domains|all)\(.*\))\s*\)$`)
	addRPZ    = regexp.MustCompile(`^policy\.add\(\s*policy\.rpz\(\s*policy\.DENY\s*,\s*["']([^"']+)["']\s*(?:,\s*(?:true|false)\s*)?\)\s*\)$`)
	sends     = regexp.MustCompile(`^policy\.(?:FORWARD|STUB|TLS_FORWARD)\(\s*(.*?)\s*\)$`)
	quoted    = regexp.MustCompile(`["']([^"']*)["']`)
	// listenAt finds the addresses of a call that has the server listen, and otherKind the kinds of
	// such calls that are for no questions.
	listenAt  = regexp.MustCompile(`^net\.listen\(\s*(\{[^}]*\}|[^,)]*)`)
	otherKind = regexp.MustCompile(`kind\s*=\s*["'](webmgmt|control)["']`)
	// matters finds in a program what can change answers.
	matters = regexp.MustCompile(`\b(policy|hints|view|daf|dns64|renumber|rebinding|modules|dofile|loadfile|loadstring|load|require|event|worker|kres|_G|_ENV|setfenv)\b`)
	// moduleNames are statements that load modules, and changing the modules that can
	// change answers by themselves.
	moduleNames = regexp.MustCompile(`^modules\s*(=|\.(un)?load\()`)
	changing    = regexp.MustCompile(`unload\(\s*["'](policy|hints|view|iterate|validate|cache)\b|rebinding|dns64|daf|renumber|experimental|prefetch_to|(hints|policy|view) *= *\{`)
	// literalModules are such statements with literals. In these, moduleName finds a module's name
	// and that beside which it stands, and settings what is said to a module. shipped are those with
	// which Knot Resolver comes.
	literalModules = regexp.MustCompile(`^modules(=\{|\.(un)?load\(")`)
	moduleName     = regexp.MustCompile(`[{,;(](?:"\s*([^"\s<>]+)(?:\s*[<>]\s*([^"\s]+))?|(?:\[")?([A-Za-z_]\w*)(?:"\])?=)`)
	settings       = regexp.MustCompile(`=\{[^{}]*\}([,;}])`)
	shipped        = regexp.MustCompile(`^(bogus_log|daf|detect_time_jump|detect_time_skew|dns64|dnstap|edns_keepalive|etcd|extended_error|graphite|hints|http|nsid|policy|predict|prefill|priming|rebinding|refuse_nord|renumber|serve_stale|stats|ta_sentinel|ta_signal_query|ta_update|view|watchdog|workarounds|iterate|validate|cache)$`)
	// chained are actions behind which the next policy counts, and that leave answers as they are.
	chained = regexp.MustCompile(`^policy\.(QTRACE|IPTRACE|DEBUG_ALWAYS|DEBUG_CACHE_MISS|MIRROR\([^)]*\)|FLAGS\(\s*\{?\s*(["'](NO_MINIMIZE|NO_IPV4|NO_IPV6|TCP|NO_CACHE|NO_EDNS|NO_0X20|SAFEMODE|PERMISSIVE|TRACE|REORDER_RR)["']\s*,?\s*)+\}?\s*\))$`)
	// harmless are statements that say nothing of names. Of modules of which all is known a name
	// that they do not have is none.
	harmless = regexp.MustCompile(`^(net\.(listen|close|list|interfaces|bufsize|tcp_pipeline|tls|tls_client|tls_client_clear|tls_padding|tls_sticket_secret|tls_sticket_secret_file|outgoing_v4|outgoing_v6|tcp_in_idle|tls_handshake_timeout|proxy_allowed|register_endpoint_kind|doh_headers|bpf_set|bpf_clear|ipv4|ipv6)\b|` +
		`cache\.(open|size|storage|current_size|current_storage|max_ttl|min_ttl|ns_tout|close|count|stats|checkpoint|prune|get|clear|clear_everything|fssize|backends)\b|` +
		`trust_anchors\.(add|add_file|remove|config|set_insecure|distrust|summary|file|hold_down_time|refresh_time|keep_removed|keyfile_default|negative)\b|` +
		`log_(level|target|groups|error|warn|warning|info|debug|notice|crit|qry|req)\(|` +
		`log\(|verbose\(|user\(|print\(|mode\(|option\(|hostname\(|nsid\.|stats\.|http\.|predict\.|watchdog\.|ta_[a-z_]+\.|priming\.|detect_time_[a-z]+\.|prefill\.config\(|hints\.(ttl|use_nodata)\()`)
)

// actions are those that need no servers.
var actions = map[string]holdings.Action{
	"policy.DENY": holdings.NXDomain, "policy.PASS": holdings.Passthru, "policy.DROP": holdings.Drop, "policy.REFUSE": holdings.Drop,
}
