package report

import "strings"

// escaper is for GitHub's and GitLab's Markdown. A table's cell ends at a pipe,
// even within code, and at the line's end.
var escaper = strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "\n", " ")

// Markup returns text of which nothing is markup, in a table's cell or elsewhere.
func Markup(text string) string { return escaper.Replace(text) }
