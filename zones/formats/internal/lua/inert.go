package lua

import "maps"

// Inert reports whether a statement that is a program, or sets a variable of its own, changes
// nothing of what a server answers, and does not fail, whatever it comes to. A function by itself
// does nothing: what calls one is not known to be harmless.
func (s *Scope) Inert(statement Statement) bool {
	if s.vars == nil {
		s.vars = make(map[string]Value)
	}
	tokens := tokensOf(statement.Text)
	return (!statement.Ends || tokens[0].text != "return") && s.inert(tokens)
}

func (s *Scope) inert(tokens []token) bool {
	e := s.expression(tokens)
	switch {
	case e.take("local", "function"), e.take("function"):
		return e.defines()
	case e.take("local"):
		return e.locals()
	case e.take("if"):
		return e.conditions()
	case e.take("do"):
		return e.block("end") && e.take("end") && e.done()
	case e.take("for"):
		return e.counts()
	case e.take("return"):
		return e.done() || e.returns()
	}
	return s.simple(tokens)
}

// defines reads a function with a name of the program's own.
func (e *expression) defines() bool {
	name := e.word()
	return name != "" && e.is("(") && e.skipBody() && e.done() && e.scope.set(name, Value{Kinds: Func})
}

// simple is inert for what is no block, and begins with no word of Lua.
func (s *Scope) simple(tokens []token) bool {
	e := s.expression(tokens)
	if name := e.word(); name != "" && e.is("=") && !e.is("=", "=") {
		e.at++
		v, ok := e.or()
		return ok && e.done() && s.set(name, v)
	}
	return s.calls(tokens)
}

// calls reports whether a call is of a function that does not fail, or the statement is harmless.
func (s *Scope) calls(tokens []token) bool {
	if e := s.expression(tokens); len(tokens) > 0 {
		if _, ok := e.named(); ok && e.done() && tokens[len(tokens)-1].text == ")" {
			return true
		}
	}
	return s.Harmless != nil && s.Harmless(s, textOf(tokens))
}

// set notes what a name stands for, which must be none of the server's.
func (s *Scope) set(name string, v Value) bool {
	if _, known := s.Values[name]; known || s.Reserved[name] {
		return false
	}
	s.vars[name] = v
	return true
}

// locals reads variables of the program's own.
func (e *expression) locals() bool {
	var names []string
	for {
		name := e.word()
		if name == "" {
			return false
		}
		if names = append(names, name); !e.take(",") {
			break
		}
	}
	var values []Value
	for equals := e.take("="); equals || len(values) > 0 && e.take(","); equals = false {
		v, ok := e.or()
		if !ok {
			return false
		}
		values = append(values, v)
	}
	for i, name := range names {
		v := Value{Kinds: Nil}
		if i < len(values) {
			v = values[i]
		}
		if !e.scope.set(name, v) {
			return false
		}
	}
	return e.done()
}

// conditions reads an "if", of which a block that is never run may have anything.
func (e *expression) conditions() bool {
	for {
		when, ok := e.or()
		if !ok || !e.take("then") {
			return false
		}
		if !e.branch(when) {
			return false
		}
		switch {
		case e.take("elseif"):
		case e.take("else"):
			return e.block("end") && e.take("end") && e.done()
		default:
			return e.take("end") && e.done()
		}
	}
}

// returns reads the values that a program ends with.
func (e *expression) returns() bool {
	for {
		if _, ok := e.or(); !ok || !e.take(",") {
			return ok && e.done()
		}
	}
}

// branch reads the block behind a condition.
func (e *expression) branch(when Value) bool {
	if when.Is(Nil) || when.Known && when.Text == "false" && when.Is(Boolean) {
		return e.skipBlock()
	}
	return e.block("elseif", "else", "end")
}

// counts reads a "for" with numbers.
func (e *expression) counts() bool {
	name := e.word()
	if name == "" || !e.take("=") {
		return false
	}
	for more := true; more; more = e.take(",") {
		if v, ok := e.or(); !ok || !v.Is(Number) {
			return false
		}
	}
	inner := e.inner()
	return inner.set(name, Value{Kinds: Number}) && e.take("do") && e.blockIn(inner, "end") && e.take("end") && e.done()
}

// inner returns a scope within this one. What is set there may be anything behind it.
func (e *expression) inner() *Scope {
	inner := *e.scope
	inner.vars = maps.Clone(e.scope.vars)
	return &inner
}

func (e *expression) block(ends ...string) bool { return e.blockIn(e.inner(), ends...) }

// blockIn reads the statements of a block, up to a word that ends it.
func (e *expression) blockIn(inner *Scope, ends ...string) bool {
	start := e.at
	if !e.skipBlock() {
		return false
	}
	for _, statement := range split(e.tokens[start:e.at]) {
		if statement[0].text == "return" || !inner.inert(statement) {
			return false
		}
	}
	for name, v := range inner.vars {
		if old, is := e.scope.vars[name]; !is || old.Kinds != v.Kinds {
			e.scope.vars[name] = Value{Kinds: old.Kinds | v.Kinds | Nil}
		}
	}
	for _, end := range ends {
		if e.is(end) {
			return true
		}
	}
	return false
}

// skipBlock goes to the word that ends a block.
func (e *expression) skipBlock() bool {
	var s splitter
	for ; e.at < len(e.tokens); e.at++ {
		t := e.tokens[e.at]
		if t.kind == word && s.blocks == 0 && (t.text == "end" || t.text == "else" || t.text == "elseif") {
			return true
		}
		s.tokens = append(s.tokens, t)
		if t.kind == word {
			s.block(t.text)
		}
	}
	return false
}

// split returns the statements that tokens are.
func split(tokens []token) [][]token {
	var all [][]token
	var s splitter
	end := func() {
		if len(s.tokens) > 0 {
			all = append(all, s.tokens)
		}
		s = splitter{}
	}
	for _, t := range tokens {
		if s.brackets == 0 && s.blocks == 0 && s.begins(t) {
			end()
		}
		if t.kind == punctuation && t.text == ";" && s.brackets == 0 && s.blocks == 0 {
			end()
			continue
		}
		s.add(t)
	}
	end()
	return all
}
