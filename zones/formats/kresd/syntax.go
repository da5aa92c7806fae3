package kresd

import "regexp"

// pieces are what Lua's statements are made of, as far as configurations have them: values,
// that is texts, numbers and names, operators, and brackets.
var pieces = regexp.MustCompile(`\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d[\w.]*|[A-Za-z_]\w*)|(\.\.|[-+*/=~<>,;:.#])|([({\[])|([)}\]])|(\S))`)

// closes are the brackets by those that they open.
var closes = map[string]string{"(": ")", "{": "}", "[": "]"}

// ends are the operators that nothing need stand behind, and unary those that nothing need
// stand before.
var (
	ends  = map[string]bool{"": true, ",": true, ";": true}
	unary = map[string]bool{"-": true, "#": true, ";": true}
)

// wellFormed reports whether a statement's brackets are closed, and something stands between its
// values, and between what stands between them.
func wellFormed(text string) bool {
	var open []string
	value, operator := false, "" // what the last piece is
	for _, piece := range pieces.FindAllStringSubmatch(text, -1) {
		switch {
		case piece[1] != "":
			if value {
				return false
			}
			value, operator = true, ""
		case piece[2] != "":
			if operator != "" && !unary[piece[2]] {
				return false
			}
			value, operator = false, piece[2]
		case piece[3] != "":
			if piece[3] == "{" && value {
				return false
			}
			open, value, operator = append(open, closes[piece[3]]), false, ""
		case piece[4] != "":
			if !shuts(open, piece[4]) || !ends[operator] {
				return false
			}
			open, value, operator = open[:len(open)-1], true, ""
		default:
			return false
		}
	}
	return len(open) == 0 && ends[operator]
}

// shuts reports whether a bracket closes the one that was opened last.
func shuts(open []string, bracket string) bool { return len(open) > 0 && open[len(open)-1] == bracket }

// blocks are by how much the words of a program open blocks, or close them.
var blocks = map[string]int{"function": 1, "if": 1, "do": 1, "repeat": 1, "end": -1, "until": -1}

// closed reports whether the blocks of a program are closed.
func closed(program string) bool {
	depth := 0
	for _, piece := range pieces.FindAllStringSubmatch(program, -1) {
		depth += blocks[piece[1]]
	}
	return depth == 0
}
