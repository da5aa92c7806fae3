package lua

import (
	"io"
	"slices"
	"strconv"
	"strings"
)

// Kinds are what a value may be.
type Kinds uint8

// The kinds of values.
const (
	Nil Kinds = 1 << iota
	Boolean
	Number
	String
	Table
	Func
)

// Value is what is known of a value.
type Value struct {
	Kinds Kinds
	// Known says that it is one text, number or truth, which Text has.
	Known bool
	Text  string
	// Items are what is in a table as it is written.
	Items []Item
}

// Item is what a table has: of a list it has no key.
type Item struct {
	Key string
	Value
}

// Is reports whether a value is of some kinds for sure.
func (v Value) Is(kinds Kinds) bool { return v.Kinds != 0 && v.Kinds&^kinds == 0 }

// Number returns what a known number is, and otherwise false.
func (v Value) Number() (float64, bool) {
	n, err := strconv.ParseFloat(v.Text, 64)
	if err != nil {
		var whole int64
		whole, err = strconv.ParseInt(v.Text, 0, 64)
		n = float64(whole)
	}
	return n, v.Known && v.Kinds == Number && err == nil
}

// Function is what a function takes that does not fail with that, and what it returns. Without
// Some it needs all that it takes.
type Function struct {
	Takes   []Kinds
	Some    bool
	Returns Kinds
}

// Scope is what the names of a program stand for, while its statements are looked at one by one.
type Scope struct {
	// Reserved are the names of the server, which are not to be others.
	Reserved map[string]bool
	// Values and Functions are those of them that are known.
	Values    map[string]Value
	Functions map[string]Function
	// Harmless reports whether a statement that is none of Lua's own changes nothing, and does not
	// fail.
	Harmless func(in *Scope, text string) bool

	vars map[string]Value
}

// Call returns the function that a statement calls, and with what; false where any of that is
// not known.
func (s *Scope) Call(text string) (name string, args []Value, is bool) {
	e := s.expression(tokensOf(text))
	if name = e.path(); name == "" || !e.take("(") {
		return "", nil, false
	}
	args, is = e.list(")")
	return name, args, is && e.done()
}

// Set returns the variable that a statement sets, and to what; false where that is not known.
func (s *Scope) Set(text string) (name string, v Value, is bool) {
	e := s.expression(tokensOf(text))
	if name = e.path(); name == "" || !e.take("=") {
		return "", v, false
	}
	v, is = e.or()
	return name, v, is && e.done()
}

// Named returns a statement in which texts take the place of names that stand for them.
func Named(text string, names map[string]string) string {
	if len(names) == 0 {
		return text
	}
	tokens := tokensOf(text)
	var all []token
	for i, t := range tokens {
		stands, is := names[t.text]
		sets := i == 0 || tokens[i-1].text == "local" || i > 0 && (tokens[i-1].text == "." || tokens[i-1].text == ":")
		if is && t.kind == word && !sets {
			all = append(all, tokensOf(stands)...)
			continue
		}
		all = append(all, t)
	}
	return textOf(all)
}

func tokensOf(text string) []token {
	l := lexer{text: text, line: 1}
	var all []token
	for {
		t, err := l.next()
		if err != nil {
			if err != io.EOF { //nolint:errorlint // the lexer returns it as it is
				return nil
			}
			return all
		}
		all = append(all, t)
	}
}

func (s *Scope) expression(tokens []token) *expression { return &expression{scope: s, tokens: tokens} }

// expression is an expression that is being read (Lua 5.1, section 2.5). Each of its methods
// returns false where it is not known what comes of it, or that it does not fail.
type expression struct {
	scope  *Scope
	tokens []token
	at     int
	depth  int
}

// maxDepth is how deep expressions may stand in each other.
const maxDepth = 100

func (e *expression) done() bool { return e.at == len(e.tokens) }

// is reports whether some tokens stand there, each of which is no text in quotes.
func (e *expression) is(texts ...string) bool {
	if e.at+len(texts) > len(e.tokens) {
		return false
	}
	for i, text := range texts {
		if t := e.tokens[e.at+i]; t.kind == quoted || t.text != text {
			return false
		}
	}
	return true
}

func (e *expression) take(texts ...string) bool {
	is := e.is(texts...)
	if is {
		e.at += len(texts)
	}
	return is
}

// word returns the name that stands there, or "".
func (e *expression) word() string {
	if e.done() || e.tokens[e.at].kind != word || keywords[e.tokens[e.at].text] || '0' <= e.tokens[e.at].text[0] && e.tokens[e.at].text[0] <= '9' {
		return ""
	}
	e.at++
	return e.tokens[e.at-1].text
}

// keywords are the words that are no names.
var keywords = setOf("and break do else elseif end false for function goto if in local nil not or repeat return then true until while")

func setOf(words string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// globals are the names of Lua 5.1 and of LuaJIT, and what ends a program that is embedded.
const globals = `print error assert exit yield panic quit require dofile loadfile loadstring load pcall xpcall setfenv getfenv rawset rawget
	setmetatable getmetatable select unpack pairs ipairs next tostring tonumber type string table math os io debug coroutine bit jit ffi
	package _G _ENV`

// Reserved returns Lua's own names with those of a server, which are words with blanks between them.
func Reserved(own string) map[string]bool { return setOf(globals + " " + own) }

// path returns the name that stands there with what it is of, such as "net.listen", or "".
func (e *expression) path() string {
	path := e.word()
	for path != "" && (e.is(".") && !e.is(".", ".") || e.is(":")) {
		mark := e.tokens[e.at].text
		e.at++
		name := e.word()
		if name == "" {
			return ""
		}
		path += mark + name
	}
	return path
}

// list reads values up to a bracket.
func (e *expression) list(closing string) ([]Value, bool) {
	var all []Value
	if e.take(closing) {
		return nil, true
	}
	for {
		v, ok := e.or()
		if !ok {
			return nil, false
		}
		if all = append(all, v); e.take(closing) {
			return all, true
		}
		if !e.take(",") {
			return nil, false
		}
	}
}

func (e *expression) or() (Value, bool) {
	left, ok := e.and()
	for ok && e.take("or") {
		var right Value
		if right, ok = e.and(); left.Kinds&(Nil|Boolean) != 0 {
			left = Value{Kinds: left.Kinds&^Nil | right.Kinds}
		}
	}
	return left, ok
}

func (e *expression) and() (Value, bool) {
	left, ok := e.compared()
	for ok && e.take("and") {
		var right Value
		right, ok = e.compared()
		left = Value{Kinds: left.Kinds&(Nil|Boolean) | right.Kinds}
	}
	return left, ok
}

func (e *expression) compared() (Value, bool) {
	left, ok := e.joined()
	for ok && (e.is("=", "=") || e.is("~", "=") || e.is("<") || e.is(">")) {
		same := e.is("=", "=") || e.is("~", "=")
		e.at++
		e.take("=")
		var right Value
		right, ok = e.joined()
		ok = ok && (same || left.Is(Number) && right.Is(Number) || left.Is(String) && right.Is(String))
		left = Value{Kinds: Boolean}
	}
	return left, ok
}

func (e *expression) joined() (Value, bool) {
	left, ok := e.sum()
	for ok && e.take(".", ".") {
		var right Value
		right, ok = e.sum()
		ok = ok && left.Is(Number|String) && right.Is(Number|String)
		left = Value{Kinds: String, Known: left.Known && right.Known, Text: left.Text + right.Text}
	}
	return left, ok
}

func (e *expression) sum() (Value, bool) { return e.arithmetic(e.product, "+", "-") }

func (e *expression) product() (Value, bool) { return e.arithmetic(e.unary, "*", "/", "%") }

// arithmetic reads operands and the operators between them.
func (e *expression) arithmetic(operand func() (Value, bool), operators ...string) (Value, bool) {
	left, ok := operand()
	for ok && slices.ContainsFunc(operators, func(text string) bool { return e.is(text) }) {
		operator := e.tokens[e.at].text
		e.at++
		var right Value
		right, ok = operand()
		ok = ok && left.Is(Number) && right.Is(Number)
		left = computed(operator, left, right)
	}
	return left, ok
}

// computed is what comes of two numbers, as far as sizes and times need it.
func computed(operator string, left, right Value) Value {
	a, is := left.Number()
	b, both := right.Number()
	v := Value{Kinds: Number, Known: is && both}
	switch operator {
	case "+":
		a += b
	case "-":
		a -= b
	case "*":
		a *= b
	case "/":
		a /= b
	default:
		v.Known = false
	}
	if v.Known {
		v.Text = strconv.FormatFloat(a, 'g', -1, 64)
	}
	return v
}

func (e *expression) unary() (Value, bool) {
	switch {
	case e.take("not"):
		_, ok := e.unary()
		return Value{Kinds: Boolean}, ok
	case e.take("#"):
		v, ok := e.unary()
		return Value{Kinds: Number}, ok && (v.Is(String) || v.Is(Table))
	case e.take("-"):
		v, ok := e.unary()
		return computed("-", Value{Kinds: Number, Known: true, Text: "0"}, v), ok && v.Is(Number)
	}
	return e.primary()
}

func (e *expression) primary() (Value, bool) {
	if e.depth++; e.depth > maxDepth || e.done() {
		return Value{}, false
	}
	defer func() { e.depth-- }()
	switch t := e.tokens[e.at]; {
	case t.kind == quoted:
		e.at++
		return Value{Kinds: String, Known: true, Text: t.text}, e.stands()
	case e.take("("):
		v, ok := e.or()
		return v, ok && e.take(")") && e.stands()
	case e.take("{"):
		return e.table()
	case e.take("nil"):
		return Value{Kinds: Nil}, e.stands()
	case e.take("true"), e.take("false"):
		return Value{Kinds: Boolean, Known: true, Text: t.text}, e.stands()
	case e.take("function"):
		return Value{Kinds: Func}, e.skipBody() && e.stands()
	case '0' <= t.text[0] && t.text[0] <= '9':
		return e.number()
	default:
		return e.named()
	}
}

// stands reports whether nothing behind a value asks for what is in it, or calls it.
func (e *expression) stands() bool {
	return e.done() || e.tokens[e.at].kind == word || e.is(".", ".") || e.tokens[e.at].kind == punctuation && !strings.Contains(".[(:{", e.tokens[e.at].text)
}

// number reads one, of which a fraction is a token of its own.
func (e *expression) number() (Value, bool) {
	text := e.tokens[e.at].text
	e.at++
	if e.is(".") && !e.is(".", ".") && e.at+1 < len(e.tokens) {
		text += "." + e.tokens[e.at+1].text
		e.at += 2
	}
	v := Value{Kinds: Number, Known: true, Text: text}
	_, is := v.Number()
	return v, is && e.stands()
}

// table reads what is behind its brace.
func (e *expression) table() (Value, bool) {
	v := Value{Kinds: Table}
	for !e.take("}") {
		item, ok := e.item()
		if !ok {
			return v, false
		}
		if v.Items = append(v.Items, item); !e.take(",") && !e.take(";") && !e.is("}") {
			return v, false
		}
	}
	return v, e.stands()
}

func (e *expression) item() (item Item, ok bool) {
	start := e.at
	if name := e.word(); name != "" && e.is("=") && !e.is("=", "=") {
		e.at++
		item.Key = name
	} else if e.at = start; e.take("[") {
		key, known := e.or()
		if !known || !key.Known || !e.take("]") || !e.take("=") {
			return item, false
		}
		item.Key = key.Text
	}
	item.Value, ok = e.or()
	return item, ok
}

// skipBody goes behind the end of a function.
func (e *expression) skipBody() bool {
	var s splitter
	s.block("function")
	for ; e.at < len(e.tokens) && s.blocks > 0; e.at++ {
		t := e.tokens[e.at]
		s.tokens = append(s.tokens, t)
		if t.kind == word {
			s.block(t.text)
		}
	}
	return s.blocks == 0
}

// named reads a variable, or a call whose function is known. A variable that nothing has set
// is nil.
func (e *expression) named() (Value, bool) {
	name := e.path()
	if name == "" {
		return Value{}, false
	}
	if e.take("(") {
		args, ok := e.list(")")
		its, known := e.scope.Functions[name]
		if v, set := e.scope.vars[name]; set && v.Kinds != 0 {
			known = false
		}
		return Value{Kinds: its.Returns}, ok && known && its.takes(args) && e.stands()
	}
	if v, is := e.scope.vars[name]; is {
		return v, e.stands()
	}
	if v, is := e.scope.Values[name]; is {
		return v, e.stands()
	}
	root, _, _ := strings.Cut(strings.ReplaceAll(name, ":", "."), ".")
	return Value{Kinds: Nil}, root == name && !e.scope.Reserved[name] && e.stands()
}

// takes reports whether a function does not fail with some values.
func (f Function) takes(args []Value) bool {
	if len(args) > len(f.Takes) || len(args) < len(f.Takes) && !f.Some {
		return false
	}
	for i, arg := range args {
		if !arg.Is(f.Takes[i]) {
			return false
		}
	}
	return true
}

// Fit reports whether values are of the kinds that a call takes: "?" stands behind one that may be left out,
// and "..." behind one that all that follow are of. Is reports whether a value is of a kind, which may be
// left out.
func Fit(kinds []string, args []Value, is func(kind string, optional bool, v Value) bool) bool {
	for _, kind := range kinds {
		kind, several := strings.CutSuffix(kind, "...")
		kind, optional := strings.CutSuffix(kind, "?")
		switch {
		case several:
			return !slices.ContainsFunc(args, func(v Value) bool { return !is(kind, false, v) })
		case len(args) == 0:
			return optional
		case !is(kind, optional, args[0]):
			return false
		}
		args = args[1:]
	}
	return len(args) == 0
}
