package zonefile

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
)

// keys are the keys of a zone, and what it says of them to the zone above (RFC 7344, RFC 8078):
// BIND wants a key of each algorithm, and nothing beside what removes all.
type keys struct {
	has map[string]bool
	of  []published
}

// published is a CDS or a CDNSKEY.
type published struct {
	kind, algorithm string
	removes         bool
	at              holdings.Place
}

// take takes a record at the apex of the zone.
func (k *keys) take(rec Record, f fields) {
	const ofDS, ofKey = 1, 2 // the fields of the algorithm
	switch f.kind {
	case "DNSKEY":
		if k.has == nil {
			k.has = make(map[string]bool)
		}
		k.has[algorithm(f.word(ofKey))] = true
	case "CDS":
		all := strings.Join(f.data, " ")
		k.of = append(k.of, published{f.kind, algorithm(f.word(ofDS)), all == "0 0 0 00", rec.Place})
	case "CDNSKEY":
		all := strings.Join(f.data, " ")
		k.of = append(k.of, published{f.kind, algorithm(f.word(ofKey)), all == "0 3 0 AA==", rec.Place})
	}
}

// algorithm returns the number of an algorithm, which may stand by its name.
func algorithm(word string) string {
	if number, is := dns.StringToAlgorithm[strings.ToUpper(word)]; is {
		return strconv.Itoa(int(number))
	}
	return word
}

// lacking returns what is wrong with them, and where; "" for nothing.
func (k *keys) lacking() (why string, at holdings.Place) {
	removed, others := make(map[string]bool), make(map[string]bool)
	for _, p := range k.of {
		if p.removes {
			removed[p.kind] = true
		} else {
			others[p.kind] = true
		}
		switch private := p.algorithm == "253" || p.algorithm == "254"; {
		case removed[p.kind] && others[p.kind]:
			return fmt.Sprintf("it has a %s that removes all, and another one", p.kind), p.at
		case !p.removes && len(k.has) == 0, !p.removes && !private && !k.has[p.algorithm]:
			return fmt.Sprintf("it has a %s, and no DNSKEY of its algorithm, %s", p.kind, shown(p.algorithm)), p.at
		}
	}
	return "", holdings.Place{}
}
