package topology

import "github.com/auralink/auralink/internal/pattern"

// What explains the YAML library's errors.
var (
	blankLine = pattern.Lazily(`^\s*(#.*|---.*|\.\.\..*)?$`)
	// otherComment matches how other languages begin a comment that has a line of its own.
	otherComment = pattern.Lazily(`^\s*(//+|;+|/\*+|--)(?:\s|[A-Za-z])`)
	// foreignLine matches a line that is of what a topology was copied from: the fence of a block of code in
	// Markdown, and the command behind the prompt of a shell.
	foreignLine = pattern.Lazily("^(?:```+|~~~+)[A-Za-z]*\\s*$|^\\$ ")
	// tightInFlow matches the colon of a key in braces without a space behind it, and what is behind it.
	tightInFlow = pattern.Lazily(`([{,]\s*[A-Za-z0-9_.-]+:)(["'\[{])`)
	// tight matches a key whose colon has no space behind it.
	tight = pattern.Lazily(`^(\s*)([A-Za-z0-9_.-]+):([^\s:/].*)$`)
	// tightDash matches an item of a list whose dash has no space behind it.
	tightDash = pattern.Lazily(`^\s*(-)["'\[{0-9A-Za-z]`)
	// equals matches a key with an equals sign.
	equals = pattern.Lazily(`^(\s*)([A-Za-z0-9_.-]+)\s*:?=>?\s*(\S.*)$`)
	// bare matches a word alone in its line.
	bare = pattern.Lazily(`^(\s*)([A-Za-z0-9_.-]+)\s*$`)
	// spaced matches a key with a value, and no colon between them.
	spaced = pattern.Lazily(`^\s*([A-Za-z0-9][A-Za-z0-9_.-]*)\s+([^\s:=#].*)$`)
	// equalsAtEnd matches a key with an equals sign at the end of its line.
	equalsAtEnd = pattern.Lazily(`^\s*[A-Za-z0-9_.-]+\s*(:?=>?)\s*$`)
	// wide matches a key with the colon of keyboards of East Asia.
	wide = pattern.Lazily(`^\s*[A-Za-z0-9_.-]+\s*(：)`)
	// keyed matches a line that begins with a key.
	keyed = pattern.Lazily(`^(\s*)("[^"]*"|'[^']*'|[^\s#"'\[\]{},-][^\s"'\[\]{},]*):(\s.*)?$`)
	// keyedItem matches an item of a list that begins with a key.
	keyedItem = pattern.Lazily(`^\s*- +([A-Za-z0-9_.-]+:(?:\s.*)?)$`)
	// twice matches a value with a colon in it.
	twice = pattern.Lazily(`^\s*[^\s:]+:\s+([^\s"'\[{#][^#]*:\s[^#]*?)\s*(#.*)?$`)
	// paired matches a value that is a key with a name of its own or with brackets.
	paired = pattern.Lazily(`^\s*[^\s:]+:\s+(([A-Za-z0-9][A-Za-z0-9_.-]*):\s+([A-Za-z0-9_.-]+|[\[{][^#]*[\]}]))\s*(#.*)?$`)
	// special matches what no plain scalar begins with, where one is expected.
	special = pattern.Lazily("(?:^|[\\[,{]|: |- )\\s*([*@`%!&|>][^\\s,\\]}]*)")
	// adjacent matches two quoted scalars with nothing between them.
	adjacent = pattern.Lazily(`["']\s+(["'][^"']*["'])`)
	// doubleQuoted matches what is in double quotes, and escaped what YAML understands there
	// behind a backslash.
	doubleQuoted = pattern.Lazily(`(?:^|[ \[{,:-])("(?:[^"\\]|\\.)*")`)
	escaped      = pattern.Lazily(`\\(?:[0abtnvfre "/\\N_LP]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})`)
	// escapedQuote matches the backslash before a quote at the end of a value.
	escapedQuote = pattern.Lazily(`(\\)"\s*(?:[,\]}]|$)`)
	// apostrophe matches what is in single quotes with one more between letters.
	apostrophe = pattern.Lazily(`('[^'",]*[a-z]'[a-z][^'",]*')`)
	// commaless matches a key in braces before which no comma is, and colonForComma a colon
	// in the place of one.
	commaless     = pattern.Lazily(`[{,][^{},]*: *[A-Za-z0-9._/-]+ +([A-Za-z0-9_-]+: )`)
	colonForComma = pattern.Lazily(`[{,][^{},]*: *[A-Za-z0-9._/-]+ *(:) +[A-Za-z0-9_-]+: `)
	// unbraced matches an item of a list with several keys in one line.
	unbraced = pattern.Lazily(`^\s*- ([A-Za-z_]+: [^,{}#"']+(?:, [A-Za-z_]+: [^,#]+)+?)\s*(?:#.*)?$`)
	// lonely matches a sign that is no value where one is expected.
	lonely = pattern.Lazily(`(?:: +|^\s*- +|[\[,{] *)(?:([-?&])(?:[ ,\]}]|$)|([,|>]|![^\s,\]}]*))`)
	// signed matches signs before a value in brackets or quotes.
	signed = pattern.Lazily("(?:: +|- +|[\\[,{] *)([@`*%!&|>?-]+)[\\[{\"']")
	// hashed matches what begins as a comment does, in brackets.
	hashed = pattern.Lazily(`[\[{,](#[^\s,\]}]+)`)
	// placeholder matches what a template or a shell would put a value in the place of.
	placeholder = pattern.Lazily(`^(?:\{\{.*?\}\}|\$\{[^}]*\}|\$[A-Za-z_]\w*|<[^<>]*>)`)
	// marked matches a mark of documents with something behind it.
	marked = pattern.Lazily(`^((?:---|\.\.\.)\s+)\S`)
	// dashed matches the item of a list behind a key, and among any item.
	dashed = pattern.Lazily(`^\s*[^\s:]+:\s+(-\s+([^\s#,][^#,]*?))\s*(?:#.*)?$`)
	among  = pattern.Lazily(`^\s*(- )`)
)
