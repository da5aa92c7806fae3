package terraform

import (
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/pattern"
)

// parser reads an expression of Terraform's: literals, lists, paths such as each.value.zone,
// references to other resources, and a few functions of texts. All else is not known.
type parser struct {
	scope
	rest string
	deep int
}

var wordExpression = pattern.Lazily(`^\w[\w-]*`)

// maxDeep bounds how deep expressions are within each other.
const maxDeep = 20

// evaluateExpression returns what an expression stands for, which may be a [reference]; nil is
// for what is not known.
func evaluateExpression(text string, s scope) any {
	p := &parser{scope: s, rest: text}
	value, ok := p.value()
	if p.space(); !ok || p.rest != "" {
		return nil
	}
	return value
}

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take reports whether a sign is next, and goes behind it.
func (p *parser) take(sign string) bool {
	p.space()
	rest, is := strings.CutPrefix(p.rest, sign)
	p.rest = rest
	return is
}

// word returns the name or the number that is next; "" if there is none.
func (p *parser) word() string {
	p.space()
	word := wordExpression().FindString(p.rest)
	p.rest = p.rest[len(word):]
	return word
}

// value reads a value. It is false where the expression has what is not known here.
func (p *parser) value() (any, bool) {
	if p.deep++; p.deep > maxDeep {
		return nil, false
	}
	defer func() { p.deep-- }()
	switch p.space(); {
	case strings.HasPrefix(p.rest, `"`):
		return p.quoted()
	case p.take("["):
		return p.until("]")
	}
	word := p.word()
	number, err := strconv.ParseFloat(word, 64)
	switch {
	case word == "":
		return nil, false
	case err == nil && word[0] >= '0' && word[0] <= '9':
		return number, true
	case p.take("("):
		arguments, ok := p.until(")")
		if !ok {
			return nil, false
		}
		return call(word, arguments)
	default:
		return p.path(word)
	}
}

// quoted reads a text in quotes, without escapes and without templates in it.
func (p *parser) quoted() (any, bool) {
	text, rest, closed := strings.Cut(p.rest[1:], `"`)
	p.rest = rest
	return text, closed && !strings.ContainsAny(text, `\`)
}

// until reads values up to a sign. Where they refer to what is literal, that is taken.
func (p *parser) until(sign string) ([]any, bool) {
	all := []any{}
	for !p.take(sign) {
		value, ok := p.value()
		if !ok {
			return nil, false
		}
		if all = append(all, p.known(value)); !p.take(",") && !strings.HasPrefix(p.rest, sign) {
			return nil, false
		}
	}
	return all, true
}

// path reads what is behind the first name of a path.
func (p *parser) path(first string) (any, bool) {
	if first == "true" || first == "false" {
		return first == "true", true
	}
	steps := []any{first}
	for {
		switch {
		case p.take("."):
			word := p.word()
			if word == "" {
				return nil, false
			}
			steps = append(steps, word)
		case p.take("["):
			key, ok := p.until("]")
			if !ok || len(key) != 1 {
				return nil, false
			}
			steps = append(steps, key[0])
		default:
			return p.at(steps)
		}
	}
}

// at returns what is at a path.
func (p *parser) at(steps []any) (any, bool) {
	first, _ := steps[0].(string)
	if _, is := p.names[first]; !is {
		return referenceAt(first, steps[1:])
	}
	var value any = p.names
	for _, step := range steps {
		switch key := step.(type) {
		case string:
			value = asMap(value)[key]
		case float64:
			list, _ := value.([]any)
			if key < 0 || int(key) >= len(list) {
				return nil, true
			}
			value = list[int(key)]
		default:
			return nil, true
		}
	}
	return value, true
}

// referenceAt returns a reference to an attribute of a resource.
func referenceAt(kind string, steps []any) (any, bool) {
	ref := reference{kind: kind}
	texts := make([]string, len(steps))
	for n, step := range steps {
		text, is := step.(string)
		if number, counted := step.(float64); counted && n == 1 { // an instance of those by a count
			text, is = strconv.FormatFloat(number, 'f', -1, 64), true
		}
		if !is {
			return nil, false
		}
		texts[n] = text
	}
	switch {
	case !strings.Contains(kind, "_"):
		return nil, false
	case len(texts) == 2:
		ref.name, ref.attribute = texts[0], texts[1]
	case len(texts) == 3:
		ref.name, ref.key, ref.attribute = texts[0], texts[1], texts[2]
	default:
		return nil, false
	}
	return ref, true
}
