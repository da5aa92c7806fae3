package topology

import "fmt"

// maxFindings bounds what is collected of each severity, so that warnings never
// crowd out an error: a file with a million wrong lines is not understood better
// by a million messages.
const maxFindings = 100

// collector gathers findings and gives them their place.
type collector struct {
	source   *source
	findings Findings
	errors   int      // in findings
	warnings int      // in findings
	notes    int      // in findings
	dropped  int      // findings beyond maxFindings
	worst    Severity // of the dropped
	mended   string   // the text as a hint has it, where that is known
}

// full reports whether further findings of a severity are only counted.
func (c *collector) full(sev Severity) bool { return *c.count(sev) >= maxFindings }

func (c *collector) count(sev Severity) *int {
	switch sev {
	case SeverityError:
		return &c.errors
	case SeverityWarning:
		return &c.warnings
	default:
		return &c.notes
	}
}

// listed is a list made by [Abridge], which is bounded already.
type listed string

// add records one finding at a node's position.
func (c *collector) add(f Finding, at position, format string, args []any) {
	if c.full(f.Severity) {
		c.drop(f.Severity)
		return
	}
	*c.count(f.Severity)++
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			args[i] = shorten(s, maxShown)
		}
	}
	f.Path = printable(shorten(f.Path, 2*maxShown))
	f.Place = c.source.place(at)
	f.Message = printable(fmt.Sprintf(format, args...))
	f.Hint = printable(shorten(f.Hint, 4*maxShown))
	c.findings = append(c.findings, f)
}

func (c *collector) drop(sev Severity) {
	c.dropped++
	if c.worst == "" || sev.rank() > c.worst.rank() {
		c.worst = sev
	}
}

func (c *collector) errorf(code Code, at position, path, hint, format string, args ...any) {
	c.add(Finding{Severity: SeverityError, Code: code, Path: path, Hint: hint}, at, format, args)
}

func (c *collector) warnf(code Code, at position, path, hint, format string, args ...any) {
	c.add(Finding{Severity: SeverityWarning, Code: code, Path: path, Hint: hint}, at, format, args)
}

func (c *collector) notef(code Code, at position, path, hint, format string, args ...any) {
	c.add(Finding{Severity: SeverityNote, Code: code, Path: path, Hint: hint}, at, format, args)
}

// notShown says how many findings there are beyond those that are kept.
func notShown(n int) string {
	if n == 1 {
		return "1 more finding is not shown"
	}
	return fmt.Sprintf("%d more findings are not shown", n)
}

// result sorts the findings and says how many there were beyond them.
func (c *collector) result() Findings {
	c.findings.Sort()
	if c.dropped > 0 {
		c.findings = append(c.findings, Finding{
			Severity: c.worst,
			Code:     CodeTooManyFindings,
			Message:  notShown(c.dropped),
			Hint:     "mend the ones above first",
		})
	}
	return c.findings
}
