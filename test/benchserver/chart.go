//go:build linux

package main

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
)

// The chart's measures, in pixels.
const (
	chartWidth = 880
	nameWidth  = 180 // left of the bars
	textWidth  = 270 // right of the longest bar
	rowHeight  = 26
	barHeight  = 16
	headHeight = 62
	footHeight = 50
)

// chartStyle follows the reader's choice of light or dark.
const chartStyle = `<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.ours { font-weight: 600 }
.note { font-size: 11px; fill: #59636e }
.user { fill: #bc4c00 }
.system { fill: #8c959f }
.ours.system { fill: #0969da }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.note { fill: #9198a1 }
.user { fill: #f0883e }
.system { fill: #656c76 }
.ours.system { fill: #4493f8 }
}
</style>
`

// draw writes the processor time of each server as a bar, the shortest first.
// Equal samples give equal text.
func (c *contest) draw(w io.Writer, on machine) error {
	sorted := slices.SortedStableFunc(slices.Values(c.entrants), func(a, b *entrant) int {
		return cmp.Compare(cpu.median(a.samples), cpu.median(b.samples))
	})
	longest := cpu.median(sorted[len(sorted)-1].samples)
	var b strings.Builder
	height := headHeight + len(sorted)*rowHeight + footHeight
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img">`+"\n", chartWidth, height)
	b.WriteString(chartStyle)
	b.WriteString(`<text class="title" x="0" y="18">Processor time a query, in microseconds</text>` + "\n")
	b.WriteString(legend())
	for i, e := range sorted {
		b.WriteString(bar(e, headHeight+i*rowHeight, longest))
	}
	b.WriteString(note(height-26, fmt.Sprintf("Each server on one processor, dnsperf on another; medians of %d rounds; p99 latency at half load.", c.rounds)))
	b.WriteString(note(height-10, on.String()+"."))
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// note is a line of small print.
func note(y int, text string) string {
	return fmt.Sprintf(`<text class="note" x="0" y="%d">%s</text>`+"\n", y, html.EscapeString(text))
}

// legend explains the two parts of a bar.
func legend() string {
	const y = 40
	return fmt.Sprintf(`<rect class="user" x="%d" y="%d" width="12" height="12"/><text x="%d" y="%d">user</text>`+"\n",
		nameWidth, y-11, nameWidth+18, y) +
		fmt.Sprintf(`<rect class="system" x="%d" y="%d" width="12" height="12"/><text x="%d" y="%d">system (the kernel)</text>`+"\n",
			nameWidth+70, y-11, nameWidth+88, y)
}

// bar draws a server at a height.
func bar(e *entrant, y int, longest float64) string {
	class := "other"
	if strings.HasPrefix(e.name(), oursFast) {
		class = "ours"
	}
	scale := (chartWidth - nameWidth - textWidth) / longest
	user, total := user.median(e.samples)*scale, cpu.median(e.samples)*scale
	user = min(user, total) // medians of their own
	var b strings.Builder
	fmt.Fprintf(&b, `<text class="%s" x="%d" y="%d" text-anchor="end">%s</text>`, class, nameWidth-8, y+barHeight-3, html.EscapeString(e.name()))
	fmt.Fprintf(&b, `<rect class="%s user" x="%d" y="%d" width="%.1f" height="%d"/>`, class, nameWidth, y, user, barHeight)
	fmt.Fprintf(&b, `<rect class="%s system" x="%.1f" y="%d" width="%.1f" height="%d"/>`, class, nameWidth+user, y, total-user, barHeight)
	fmt.Fprintf(&b, `<text class="%s" x="%.1f" y="%d">%s</text>`+"\n", class, nameWidth+total+6, y+barHeight-3, label(e))
	return b.String()
}

// label is what stands behind a bar.
func label(e *entrant) string {
	return fmt.Sprintf("%.1f µs · %.0f k queries/s · p99 %.0f µs", cpu.median(e.samples),
		middle(each(e.samples, func(s sample) float64 { return s.full.rate }))/1000, p99.median(e.samples))
}
