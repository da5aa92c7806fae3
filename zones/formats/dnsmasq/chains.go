package dnsmasq

// maxChain bounds the CNAMEs that are followed, as dnsmasq does.
const maxChain = 255

// chainEnd is where a chain of CNAMEs leads, with the shortest time to live on the way.
type chainEnd struct {
	target string
	ttl    uint32
}

// endsOf returns where each alias leads. Of one beyond which more than [maxChain] follow it is the
// target of the last one that dnsmasq follows.
func endsOf(aliases map[string]alias) map[string]chainEnd {
	type link struct {
		chainEnd
		next int // index of the alias that is the target; -1 for none
	}
	names := make([]string, 0, len(aliases))
	at := make(map[string]int, len(aliases))
	links := make([]link, 0, len(aliases))
	for name, a := range aliases {
		at[name] = len(names)
		names, links = append(names, name), append(links, link{chainEnd{a.target, a.ttl}, -1})
	}
	for i := range links {
		if next, there := at[links[i].target]; there {
			links[i].next = next
		}
	}
	ends := make(map[string]chainEnd, len(aliases))
	for i, name := range names {
		last, ttl := i, links[i].ttl
		for range maxChain {
			if links[last].next < 0 {
				break
			}
			last = links[last].next
			ttl = min(ttl, links[last].ttl)
		}
		ends[name] = chainEnd{links[last].target, ttl}
	}
	return ends
}

// looping returns the aliases that lead to themselves. Target returns where one leads, and whether
// there is such an alias.
func looping(aliases map[string]alias, target func(name string) (string, bool)) []string {
	var all []string
	seen := make(map[string]string, len(aliases)) // from which alias a name was come to first
	for first := range aliases {
		at := first
		for seen[at] == "" {
			next, there := target(at)
			if !there {
				break
			}
			seen[at], at = first, next
		}
		if seen[at] != first {
			continue // it ends, or goes on as another one does
		}
		for start := at; ; {
			all = append(all, at)
			if at, _ = target(at); at == start {
				break
			}
		}
	}
	return all
}
