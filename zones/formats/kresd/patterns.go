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
	setName   = regexp.MustCompile(`^(?:local\s+)?(?:function\s+)?([A-Za-z_]\w*)\s*[=(]`)
	viewAddr  = regexp.MustCompile(`^view:addr\(\s*["']([^"']+)["']\s*,\s*(policy\.(?:suffix|domains|all)\(.*\))\s*\)$`)
	addRPZ    = regexp.MustCompile(`^policy\.add\(\s*policy\.rpz\(\s*policy\.DENY\s*,\s*["']([^"']+)["']\s*(?:,\s*(?:true|false)\s*)?\)\s*\)$`)
	sends     = regexp.MustCompile(`^policy\.(?:FORWARD|STUB|TLS_FORWARD)\(\s*(.*?)\s*\)$`)
	quoted    = regexp.MustCompile(`["']([^"']*)["']`)
	// listenAt finds the addresses of a call that has the server listen, and otherKind the kinds of
	// such calls that are for no questions.
	listenAt  = regexp.MustCompile(`^net\.listen\(\s*(\{[^}]*\}|[^,)]*)`)
	otherKind = regexp.MustCompile(`kind\s*=\s*["'](webmgmt|control)["']`)
	webKind   = regexp.MustCompile(`kind\s*=\s*["'](webmgmt|doh_legacy)["']`)
	// plainNames is a list of texts, and madeNames one of names.
	plainNames = regexp.MustCompile(`^(\s*"[^"]*"\s*([,;]|$))*$`)
	madeNames  = regexp.MustCompile(`^(\s*todname\(\s*"[^"]*"\s*\)\s*([,;]|$))*$`)
	// needing are statements for which a module has to be there, and said those of which much is
	// known here.
	needing = regexp.MustCompile(`^(hints|view|stats|http|predict|prefill|nsid)[.:\[]`)
	said    = regexp.MustCompile(`^(net|cache|trust_anchors|log_[a-z]+|log|verbose|user|print|mode|option|hostname|nsid|stats|http|predict|watchdog|ta_[a-z_]+|priming|detect_time_[a-z]+|prefill)\b`)
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
	// always are the modules that are there whatever is loaded.
	always = regexp.MustCompile(`^(iterate|validate|cache|policy|refuse_nord|watchdog|priming|extended_error|ta_sentinel|edns_keepalive|detect_time_jump|detect_time_skew|ta_update|ta_signal_query)$`)
	// chained are actions behind which the next policy counts, and that leave answers as they are.
	chained = regexp.MustCompile(`^policy\.(QTRACE|IPTRACE|DEBUG_ALWAYS|DEBUG_CACHE_MISS|MIRROR\([^)]*\)|FLAGS\(\s*\{?\s*(["'](NO_MINIMIZE|NO_IPV4|NO_IPV6|TCP|NO_CACHE|NO_EDNS|NO_0X20|SAFEMODE|PERMISSIVE|TRACE|REORDER_RR)["']\s*,?\s*)+\}?\s*\))$`)
)

// actions are those that need no servers.
var actions = map[string]holdings.Action{
	"policy.DENY": holdings.NXDomain, "policy.PASS": holdings.Passthru, "policy.DROP": holdings.Drop, "policy.REFUSE": holdings.Drop,
}
