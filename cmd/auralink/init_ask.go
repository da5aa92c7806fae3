package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/draft"
	"github.com/auralink/auralink/internal/hint"
)

// draft makes a draft, and asks a person who is there for what it lacks.
func (f initFlags) draft(cmd *cobra.Command, in draft.Input) (*draft.Draft, error) {
	d, err := draft.New(in)
	if err != nil {
		return nil, err
	}
	asks, err := f.asks(cmd)
	if err != nil || !asks {
		return d, err
	}
	p := person{in: bufio.NewReader(cmd.InOrStdin()), out: uncoloured(cmd.ErrOrStderr())} // colours wait for whole lines
	for {
		unsure := slices.DeleteFunc(d.Unsure(), p.wasAsked)
		if len(unsure) == 0 || p.gone {
			return d, nil
		}
		in.Answers = p.ask(unsure[0], in.Answers)
		if d, err = draft.New(in); err != nil {
			return nil, err
		}
	}
}

// asks reports whether a person is to be asked. Where standard input is a source, nobody
// can be.
func (f initFlags) asks(cmd *cobra.Command) (bool, error) {
	read := slices.ContainsFunc(f.from, func(from string) bool {
		_, path := splitFrom(from)
		return path == stdin
	})
	switch f.questions {
	case "no":
		return false, nil
	case "yes":
		if read {
			return false, hint.Add(errors.New("standard input is read as a source: nothing can be asked"), "save it as a file, and give that to --from")
		}
		return true, nil
	case "auto":
		file, ok := cmd.InOrStdin().(*os.File)
		return !read && ok && isTerminal(file) && isTerminal(uncoloured(cmd.ErrOrStderr())), nil
	default:
		return false, hint.Add(fmt.Errorf("--ask %q is not known", f.questions), "auto, yes or no")
	}
}

// person is whoever is asked. A terminal edits its lines by itself.
type person struct {
	in    *bufio.Reader
	out   io.Writer
	asked []draft.Question
	gone  bool // nothing more is said
}

// wasAsked reports whether a question was put already.
func (p *person) wasAsked(q draft.Question) bool {
	return slices.ContainsFunc(p.asked, q.Same)
}

// ask puts one question until it is answered or left open, and returns the answers with
// what was said. For custom endpoints there are as many answers as are given.
func (p *person) ask(q draft.Question, answers draft.Answers) draft.Answers {
	p.asked = append(p.asked, q)
	fmt.Fprintf(p.out, "\n%s\n  %s.\n", q.Text, q.Where)
	leave := "Enter leaves it open"
	for {
		fmt.Fprintf(p.out, "%s (%s): ", q.Kind, leave)
		text, said := p.line()
		if !said {
			return answers
		}
		next, err := answers.Answer(q, text)
		if err != nil {
			fmt.Fprintf(p.out, "  %v\n", err)
			if h := hint.Of(err); h != "" {
				fmt.Fprintf(p.out, "  hint: %s\n", h)
			}
			continue
		}
		if answers = next; q.Kind != draft.AskEndpoints || q.About != "" {
			return answers
		}
		leave = "Enter if that is all"
	}
}

// line returns what is said in a line, if anything is.
func (p *person) line() (text string, said bool) {
	text, err := p.in.ReadString('\n')
	if err != nil {
		p.gone = true
		fmt.Fprintln(p.out)
	}
	text = strings.TrimSpace(text)
	return text, text != ""
}
