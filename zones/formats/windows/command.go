package windows

import (
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

var (
	// command finds the command that prints records, and what follows it.
	command = regexp.MustCompile(`(?i)\bGet-DnsServerResourceRecord\b(.*)`)
	// grouped finds the zone before a group of records.
	grouped = regexp.MustCompile(`(?i)^\s*Zone(?:Name)?\s*:\s+(\S+)\s*$`)
	// scoped finds the zone scope of a command: its name may be shortened.
	scoped = regexp.MustCompile(`(?i)\bGet-DnsServerResourceRecord\b.*\s-ZoneS(?:c(?:o(?:pe?)?)?)?[\s:]+["']?([^\s"']+)`)
	// word finds the next word of a command, in quotes or without.
	word = regexp.MustCompile(`^\s+(?:"([^"]*)"|'([^']*)'|([^\s"'|;]+))`)
)

// unknownZone is the zone of a command that does not spell it out.
const unknownZone = "?"

// zoneOfLine returns the zone of the records that follow a line, if it says so: it is a
// group's header, or the command. A zone that a variable has, or the pipeline, is
// [unknownZone].
func zoneOfLine(line string) (zone string, says bool) {
	if match := grouped.FindStringSubmatch(line); match != nil {
		return match[1], true
	}
	match := command.FindStringSubmatch(line)
	if match == nil {
		return "", false
	}
	return zoneOfCommand(match[1]), true
}

// switches are parameters of the command that have no value.
var switches = map[string]bool{"-node": true, "-asjob": true, "-verbose": true, "-debug": true}

// zoneOfCommand finds the zone among the parameters of Get-DnsServerResourceRecord: it is
// -ZoneName, which may be shortened, or the only value without a name.
func zoneOfCommand(parameters string) string {
	var nameless []string
	for parameters != "" {
		match := word.FindStringSubmatch(parameters)
		if match == nil {
			break
		}
		parameters = parameters[len(match[0]):]
		value := match[1] + match[2] + match[3]
		name, joined, _ := strings.Cut(strings.ToLower(match[3]), ":")
		switch {
		case !strings.HasPrefix(name, "-"):
			nameless = append(nameless, value)
			continue
		case switches[name]:
			continue
		case joined == "":
			next := word.FindStringSubmatch(parameters)
			if next == nil {
				return unknownZone
			}
			parameters = parameters[len(next[0]):]
			joined = next[1] + next[2] + next[3]
		}
		if strings.HasPrefix("-zonename", name) && len(name) > 1 {
			return spelled(joined)
		}
	}
	if len(nameless) != 1 {
		return unknownZone
	}
	return spelled(nameless[0])
}

var spelledOut = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// spelled returns a zone that a command spells out, or [unknownZone].
func spelled(zone string) string {
	if !spelledOut.MatchString(zone) {
		return unknownZone
	}
	return zone
}

// scope notes that a line is a command which prints the records of a zone's scope alone.
func (l *listing) scope(line string, at holdings.Place) {
	match := scoped.FindStringSubmatch(line)
	if match == nil {
		return
	}
	origin := "."
	if l.origin != "" {
		origin = l.origin
	}
	l.b.UnreadBelow(origin, at, "these records are those of the zone scope %s alone: the server's policies say who is answered from it", lines.Shown(match[1]))
}

// enter makes a zone that of the records that follow a line.
func (l *listing) enter(zone, line string, at holdings.Place) error {
	defer l.scope(line, at)
	if zone == unknownZone {
		l.origin, l.byName, l.unknown = "", false, true
		return nil
	}
	origin, err := holdings.CanonicalName(zone)
	if err != nil {
		return at.Errorf("%w", err)
	}
	l.origin, l.byName, l.unknown = origin, false, false
	return nil
}
