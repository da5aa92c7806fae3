package bind

import (
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// view is a view statement.
type view struct {
	name  string
	block []statement
	place holdings.Place
}

// viewsOf returns the views of a configuration whose class is IN: clients ask for no other.
func viewsOf(all []statement) []view {
	var views []view
	for _, s := range all {
		if s.key() == "view" && s.class() == "IN" {
			views = append(views, view{name: s.arg(1), block: s.block, place: s.place()})
		}
	}
	return views
}

// choose returns the view that is read, and notes the others; the zero view where there
// are none.
func (c *config) choose(all []statement) (view, error) {
	views := viewsOf(all)
	if len(views) > 0 && c.in.Known() {
		err := c.in.Asking.CheckViews(func(yield func(holdings.Clients) bool) {
			for _, v := range views {
				if !yield(c.lists.matched(v.block)) {
					return
				}
			}
		})
		if err != nil {
			return view{}, err
		}
		return c.chooseFor(views), nil
	}
	var chosen view
	for _, v := range views {
		c.in.Asking.In(nil)
		c.in.SeeView(v.name)
		if c.in.View == v.name || c.in.View == "" && chosen.name == "" && c.forAll(v.block) {
			chosen = v
		}
	}
	if c.in.View != "" && chosen.name == "" {
		return view{}, fmt.Errorf("%s: there is no view %s", c.in.Name, lines.Shown(c.in.View))
	}
	if len(views) > 0 && chosen.name == "" {
		chosen = views[0]
		c.b.UnreadOf(c.lists.matched(chosen.block), chosen.place, "view %s is read, which the clients %s alone have: no view is for all, and BIND refuses the clients that none has",
			lines.Shown(chosen.name), clientsOf(chosen.block))
	}
	c.noteViews(views, chosen)
	return chosen, nil
}

// chooseFor returns the view of those who ask, which is the first that has them. Of several
// of which it is not known whether they have them all are told, and one is read.
func (c *config) chooseFor(views []view) view {
	var chosen view
	var doubtful []view
	for _, v := range views {
		its := c.has(v)
		if its == formats.Doubtful {
			doubtful = append(doubtful, v)
		}
		if its == formats.Member {
			chosen = v
			break
		}
	}
	for _, v := range doubtful {
		if chosen.name == "" {
			chosen = v
		}
		c.b.Unread(v.place, "whether the clients have view %s is not known here: it is for %s (--view reads it)", lines.Shown(v.name), clientsOf(v.block))
	}
	for _, v := range views {
		if v.name != chosen.name {
			c.leaveFiles(v)
		}
	}
	if chosen.name == "" {
		c.b.Claim(holdings.Claim{Origin: ".", Miss: holdings.Drop, Place: views[0].place})
		c.b.Refuses(holdings.AllClients, views[0].place, "no view is for the clients, and BIND refuses their questions")
		return chosen
	}
	c.in.NoteView(c.b, lines.Shown(chosen.name), chosen.place)
	return chosen
}

// has reports whether those who ask have a view, if none before it is theirs.
func (c *config) has(v view) formats.Membership {
	its := c.in.Asking.In(c.lists.matched(v.block))
	if s, there := find(v.block, "match-destinations"); there && !c.lists.everyAddress(s.block) && its == formats.Member {
		return formats.Doubtful // it depends on the address that they ask
	}
	return its
}

// noteViews notes the views that are not read: clients have the first that is theirs.
func (c *config) noteViews(views []view, chosen view) {
	behind := c.in.View != "" // then it is said which one is asked for
	for _, v := range views {
		if v.name == chosen.name {
			behind = true
			continue
		}
		text := fmt.Sprintf("view %s is not read: the clients %s have its %d zones, and not what is read here (--view reads it)",
			lines.Shown(v.name), clientsOf(v.block), count(v.block, "zone"))
		c.b.Note(v.place, "%s", text)
		c.leaveFiles(v)
		if !behind {
			c.b.UnreadOf(c.lists.matched(v.block), v.place, "%s", text)
		}
	}
}

// leaveFiles opens the files of a view that is not read, so that they are not taken for
// files of nobody, and read by themselves.
func (c *config) leaveFiles(v view) {
	for _, s := range v.block {
		if file := value(s.block, "file"); s.key() == "zone" && file != "" {
			c.in.Leave(formats.Mention{Path: file, Dir: c.dir, Place: s.place()})
		}
	}
}

// forAll reports whether a view is for all clients. All that a client's resolver asks is
// asked with recursion.
func (c *config) forAll(block []statement) bool {
	if s, there := find(block, "match-destinations"); there && !c.lists.everyAddress(s.block) {
		return false
	}
	return c.lists.matched(block).Everybody()
}

// clientsOf says for which clients a view is.
func clientsOf(block []statement) string {
	s, there := find(block, "match-clients")
	if !there {
		return "of some servers"
	}
	var clients []string
	for _, client := range s.block {
		clients = append(clients, strings.Join(texts(client.words), " "))
	}
	return lines.Shown(strings.Join(clients, ", "))
}

func texts(words []word) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.text)
	}
	return all
}

func count(block []statement, key string) int {
	n := 0
	for _, s := range block {
		if s.key() == key {
			n++
		}
	}
	return n
}
