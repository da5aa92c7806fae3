package fleet_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// resolver asks as a system's resolver does (resolv.conf(5)): once more where nothing came
// for a while. Other tests of a busy machine can fill the kernel's queues, which then drops
// packets of all. A question is lost that no try was answered.
type resolver struct {
	*dns.Conn
	tries int           // of a question, at most
	wait  time.Duration // of each try
	again int           // tries beyond the first of each question
}

// dial returns what asks the server in its own network.
func (s *server) dial(tries int, wait time.Duration) (*resolver, error) {
	r := &resolver{tries: tries, wait: wait}
	err := s.in.Do(func() (err error) {
		r.Conn, err = dns.Dial("udp", s.dns.String())
		return err
	})
	return r, err
}

// ask asks a question.
func (r *resolver) ask(m *dns.Msg) (reply *dns.Msg, err error) {
	for try := range r.tries {
		if try > 0 {
			r.again++
		}
		if err = r.SetDeadline(time.Now().Add(r.wait)); err != nil {
			return nil, err
		}
		if err = r.WriteMsg(m); err != nil {
			return nil, err
		}
		for reply, err = r.ReadMsg(); err == nil && reply.Id != m.Id; reply, err = r.ReadMsg() {
			continue // the answer to a try of an earlier question
		}
		if err == nil {
			return reply, nil
		}
	}
	return nil, err
}

// region asks for a database of a region, and returns the number of the answer's
// revision.
func (r *resolver) region(east bool) (int, error) {
	name, second := "x.production-orch-0042.neo4j.io.", byte(2)
	if east {
		name, second = "x.production-orch-0000.neo4j.io.", 1
	}
	reply, err := r.ask(new(dns.Msg).SetQuestion(name, dns.TypeA))
	if err != nil {
		return 0, err
	}
	if len(reply.Answer) != 1 {
		return 0, fmt.Errorf("%s: %s with %d records", name, dns.RcodeToString[reply.Rcode], len(reply.Answer))
	}
	a, is := reply.Answer[0].(*dns.A)
	if !is {
		return 0, fmt.Errorf("%s: %s", name, reply.Answer[0])
	}
	ip := a.A.To4()
	if ip[0] != 10 || ip[1] != second {
		return 0, wrongError(fmt.Sprintf("%s: %s", name, ip))
	}
	return int(ip[2])*256 + int(ip[3]), nil
}

// wrongError is for an answer that leads to another region.
type wrongError string

func (e wrongError) Error() string { return string(e) }

// asking is a client that asks a server all the time.
type asking struct {
	stop     chan struct{}
	ended    sync.WaitGroup
	asked    int
	again    int      // tries beyond the first of each question
	lost     []string // questions without an answer
	wrong    []string // answers that lead to another region
	unpushed []int    // revisions that nobody has pushed
}

// ask begins to ask a server, which serves already. A revision is known if it may have
// been pushed.
func ask(t *testing.T, s *server, known func(int) bool) *asking {
	t.Helper()
	client, err := s.dial(6, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	a := &asking{stop: make(chan struct{})}
	a.ended.Go(func() {
		defer client.Close()
		for {
			select {
			case <-a.stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
			a.asked++
			number, err := client.region(a.asked%2 == 0)
			a.again = client.again
			wrong, is := err.(wrongError) //nolint:errorlint // it is made here
			switch {
			case is:
				a.wrong = append(a.wrong, string(wrong))
			case err != nil:
				a.lost = append(a.lost, fmt.Sprintf("question %d: %v", a.asked, err))
			case !known(number):
				a.unpushed = append(a.unpushed, number)
			}
		}
	})
	return a
}

// end ends the asking, and says what was wrong with the answers.
func (a *asking) end(t *testing.T, name string) (asked int) {
	t.Helper()
	close(a.stop)
	a.ended.Wait()
	if len(a.lost)+len(a.wrong)+len(a.unpushed) > 0 {
		t.Errorf("%s: %d questions, %d lost, %d wrong regions, %d answers from what was not pushed: %q %q %v",
			name, a.asked, len(a.lost), len(a.wrong), len(a.unpushed), head(a.lost), head(a.wrong), head(a.unpushed))
	}
	return a.asked
}

// head returns the first few of a list.
func head[T any](list []T) []T { return list[:min(len(list), 3)] }
