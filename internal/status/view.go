package status

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/lookup"
	"github.com/auralink/auralink/internal/page"
	"github.com/auralink/auralink/internal/plan"
)

// shownData is what the template of the page is given.
type shownData struct {
	State
	// Change is what is held back, drawn.
	Change page.Drawing
	// Asked is the question, if one was asked, Answer its answer, and Wrong why there is
	// none.
	Asked  Question
	Answer *lookup.Document
	Wrong  string
}

// Ago says how long before now a time was.
func (d shownData) Ago(t time.Time) string { return span(d.Now.Sub(t)) + " ago" }

// Seconds says how long some seconds are.
func (d shownData) Seconds(n int64) string { return span(time.Duration(n) * time.Second) }

// PerSecond says a rate.
func (d shownData) PerSecond(rate float64) string {
	if rate > 0 && rate < 0.1 {
		return "< 0.1"
	}
	return fmt.Sprintf("%.1f", rate)
}

// span says a time as people do, in its two largest units.
func span(d time.Duration) string {
	d = d.Round(time.Second)
	day := 24 * time.Hour
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	case d < day:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	default:
		return fmt.Sprintf("%d d %d h", d/day, d%day/time.Hour)
	}
}

func (b *board) data(s Subject) (shownData, error) {
	change, err := b.drawn(s)
	return shownData{State: b.state(s, time.Now()), Change: change}, err
}

// drawn returns the change that is held back, drawn. It is drawn once for two plans, as
// a page asks for it again and again.
func (b *board) drawn(s Subject) (page.Drawing, error) {
	held := s.Held()
	served, _ := s.Served()
	b.mu.Lock()
	if held == nil {
		delete(b.drawings, s.Key()) // it would keep the plans in memory
	}
	last := b.drawings[s.Key()]
	b.mu.Unlock()
	if held == nil {
		return page.Drawing{}, nil
	}
	if last.served == served && last.held == held {
		return last.Drawing, nil
	}
	drawing, err := page.Draw(graph.Compare(served, held, graph.Scope{Changes: true}))
	if err != nil {
		return drawing, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drawings[s.Key()] = drawnChange{served, held, drawing}
	return drawing, nil
}

// drawnChange is the drawing of a change from one plan to another.
type drawnChange struct {
	served, held *plan.Plan
	page.Drawing
}

// writePage writes the whole page, with the answer to a question, if one was asked.
func (b *board) writePage(w io.Writer, s Subject, r *http.Request) error {
	d, err := b.data(s)
	if err != nil {
		return err
	}
	if d.Asked = questionOf(r); d.Asked.Name != "" {
		answer, err := s.Ask(d.Asked)
		if err != nil {
			d.Wrong = err.Error()
		} else {
			d.Answer = &answer
		}
	}
	return page.WriteServed(w, "status.html", "Status", d)
}

// writeLive writes that part of the page which changes by itself.
func (b *board) writeLive(w io.Writer, s Subject, _ *http.Request) error {
	d, err := b.data(s)
	if err != nil {
		return err
	}
	return page.WritePart(w, "live", d)
}
