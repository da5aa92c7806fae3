package report

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// breaker is put behind a sign that would make a reference of what follows: a
// mention, an issue, a label. It has no width (U+200B), and no escape does it: the
// references are looked for in the text that was made of the Markdown.
const breaker = "\u200b"

// escaper is for GitHub's and GitLab's Markdown. A table's cell ends at a pipe,
// even within code, and at the line's end. A link needs its brackets, an image its
// exclamation mark before them; "://" and "www." become links by themselves.
var escaper = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "~", `\~`, "$", `\$`,
	"[", `\[`, "]", `\]`, "!", `\!`, "&", "&amp;", "<", "&lt;", ">", "&gt;",
	"://", `:\//`, "www.", `www\.`, "WWW.", `WWW\.`,
)

// references are what GitHub and GitLab link without any markup: @someone, #1, !1,
// ~label, %milestone, $snippet, &epic, GH-1.
var references = regexp.MustCompile(`[@#!~%$&][\pL\pN"'_({/-]|(?i:\bgh-)\pN`)

// Markup returns text of which nothing is markup, in a table's cell or elsewhere.
func Markup(text string) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	broken := references.ReplaceAllStringFunc(line, func(match string) string {
		_, size := utf8.DecodeLastRuneInString(match)
		at := len(match) - size
		return match[:at] + breaker + match[at:]
	})
	return escaper.Replace(broken)
}
