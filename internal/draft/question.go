package draft

import "slices"

// Question is what a person can be asked instead of a [Todo].
type Question struct {
	Kind QuestionKind
	// About is a region's label, a VPC's, that of a custom endpoint, or the ID of a private endpoint.
	About string
	// Text is the question, and Where the place where the answer stands.
	Text, Where string
	// Regions are those from which an answer chooses; where the label of a region is asked
	// for, those whose labels are taken.
	Regions []string
	// Labels are those of custom endpoints from which an answer chooses, where it does.
	Labels []string
	// Homes are the regions of the labels or of the orchestras that are known, or the VPCs of
	// the ranges, with their reasons.
	Homes map[string]Item
}

// QuestionKind says what an answer is.
type QuestionKind string

// The kinds of questions, and what is said to each.
const (
	AskRegion     QuestionKind = "region"           // a label
	AskOrchestras QuestionKind = "orchestras"       // ids or what the console shows, with commas in between
	AskClients    QuestionKind = "clients"          // ranges, separated
	AskAddresses  QuestionKind = "addresses"        // addresses, separated
	AskService    QuestionKind = "yes or no"        // what it says
	AskEndpoints  QuestionKind = "endpoint: region" // one of them
)

// Unsure returns what is not known and can be asked, in order.
func (d *Draft) Unsure() []Question {
	var all []Question
	add := func(todos []Todo) {
		for _, t := range todos {
			if t.Question.Kind != "" && !slices.ContainsFunc(all, t.Question.Same) {
				all = append(all, t.Question)
			}
		}
	}
	add(d.Todos)
	for _, r := range d.Regions {
		add(r.Todos)
	}
	for _, v := range d.VPCs {
		add(v.Todos)
		add(v.LinkTodos)
	}
	add(d.EndpointTodos)
	for i := range all {
		all[i].Homes = d.homes(all[i])
	}
	slices.SortStableFunc(all, func(a, b Question) int { return rank(a) - rank(b) })
	return all
}

// rank sorts questions: what is asked later depends on whose service an endpoint leads to,
// and then on its addresses.
func rank(q Question) int {
	switch q.Kind {
	case AskService:
		return 0
	case AskAddresses:
		return 1
	case AskRegion, AskOrchestras, AskClients, AskEndpoints:
	}
	return 2
}

// Same reports whether a question asks the same about the same.
func (q Question) Same(other Question) bool { return q.Kind == other.Kind && q.About == other.About }

// homes returns where what an answer may name is known to be.
func (d *Draft) homes(q Question) map[string]Item {
	homes := make(map[string]Item)
	switch q.Kind {
	case AskEndpoints:
		for _, e := range d.Endpoints {
			if e.Why != answered {
				homes[e.Text] = e
			}
		}
	case AskOrchestras:
		for _, r := range d.Regions {
			for _, o := range r.Orchestras {
				homes[o.Text] = Item{Value: r.Name, Why: o.Why}
			}
		}
	case AskClients:
		for _, v := range d.VPCs {
			for _, c := range v.Clients {
				homes[c.Text] = Item{Value: v.Name, Why: c.Why}
			}
		}
	case AskRegion, AskAddresses, AskService:
	}
	return homes
}
