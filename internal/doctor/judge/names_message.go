package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/spell"
)

// nameMessage says in a sentence what is wrong with names.
func nameMessage(c *cause) string {
	n, subject := len(c.names), c.subject()
	switch c.code {
	case CodeWildcardAcrossRegions:
		return wildcardMessage(c)
	case CodeServersDisagree:
		was := *c
		was.code = c.was
		return fmt.Sprintf("name servers disagree: at %s %s", list(c.servers(), 3), nameMessage(&was))
	case CodeWrongRegion:
		return fmt.Sprintf("%s %s to %s", subject, verb(n, "goes", "go"), c.to)
	case CodeLeaks:
		return fmt.Sprintf("%s %s to public addresses", subject, verb(n, "leads", "lead"))
	case CodeLeaksType:
		return fmt.Sprintf("%s %s %s records of public DNS", subject, verb(n, "has", "have"), c.to)
	case CodeUnknownAddress:
		return fmt.Sprintf("%s %s to private addresses that no link has", subject, verb(n, "leads", "lead"))
	case CodeFiltered:
		return fmt.Sprintf("%s %s to an address at which nothing can be", subject, verb(n, "leads", "lead"))
	case CodeIncomplete:
		return fmt.Sprintf("%s %s %s of the link's addresses", subject, verb(n, "lacks", "lack"), c.to)
	case CodeHides:
		return fmt.Sprintf("%s, which must be as public DNS has %s, %s hidden here", subject, verb(n, "it", "them"), verb(n, "is", "are"))
	case CodeLongTTL:
		return fmt.Sprintf("%s may be kept longer than the topology wants", subject)
	case CodeWrongView:
		return fmt.Sprintf("our server answers this machine with another network's view: %s %s wrong", subject, verb(n, "is", "are"))
	default:
		return missingMessage(c, n, subject)
	}
}

// missingMessage says in a sentence what is wrong with names that are not there, or
// that are otherwise on this machine alone.
func missingMessage(c *cause, n int, subject string) string {
	switch c.code {
	case CodeShadowed:
		return fmt.Sprintf("the zone %s says that %s %s no address", c.to, subject, verb(n, "has", "have"))
	case CodeStripped:
		return fmt.Sprintf("%s %s no address: it was taken out of the answer", subject, verb(n, "has", "have"))
	case CodeMissingApex:
		return fmt.Sprintf("%s: an orchestra's own name has no address, while names below it have", subject)
	case CodeMissingWildcard:
		return fmt.Sprintf("%s: not every name below the orchestra has an address", subject)
	case CodeMissingFurther:
		return fmt.Sprintf("%s, further names of custom endpoints, %s no address", subject, verb(n, "has", "have"))
	case CodeRoutingHost:
		return fmt.Sprintf("%s, of a routing table, cannot be reached over a link", subject)
	case CodeHostsEntry:
		return fmt.Sprintf("the hosts file of this machine leads %s elsewhere", subject)
	case CodeSearchList:
		return fmt.Sprintf("this machine's search list leads %s elsewhere", subject)
	case CodeSystemDiffers:
		return fmt.Sprintf("programs on this machine get other answers for %s than its name servers give", subject)
	default:
		return fmt.Sprintf("%s %s not resolve", subject, verb(n, "does", "do"))
	}
}

// wildcardMessage says what a wildcard does, and to whom.
func wildcardMessage(c *cause) string {
	if len(c.names) == 0 {
		return fmt.Sprintf("%s leads to %s: custom endpoints of other regions that nobody declared go there", c.region, c.to)
	}
	of := slices.Clone(c.of)
	for i := len(of) - 1; i > 0; i-- {
		if slices.Contains(of[:i], of[i]) {
			of = slices.Delete(of, i, i+1)
		}
	}
	return fmt.Sprintf("%s leads to %s: %s of %s %s there, and so does every name that nobody declared",
		c.region, c.to, spell.Count(len(c.names), "name"), strings.Join(of, ", "), verb(len(c.names), "goes", "go"))
}
