package serve

import "github.com/auralink/auralink/zones"

// Way is the way out that a question takes.
type Way uint8

// The ways out.
const (
	// NotOurs: to the next plugin, as a name that the view does not have.
	NotOurs Way = iota
	// NoView: to the next plugin, as a question of a client in no VPC.
	NoView
	// StrangerRefused: a client in no VPC that may not ask.
	StrangerRefused
	// Challenged: to the plugin tls alone, as the question of a client in no VPC by
	// which a certificate is had.
	Challenged
	// FellThrough: to the next plugin, as an undeclared endpoint.
	FellThrough
	// Answered: answered from the view.
	Answered
	// Refused: another class, or a transfer that is not to be had.
	Refused
	// NotImplemented: another opcode.
	NotImplemented
	// Transferred: handed to the transfer plugin.
	Transferred
	// Slipped: beyond the rate limit, and answered with TC.
	Slipped
	// Dropped: beyond the rate limit, and not answered.
	Dropped
	// Malformed: a name that is none; it is not counted.
	Malformed

	ways // how many there are
)

// Result is what became of a question. The outcome of an answer has a place of its
// own, so that none, however many there are, can be taken for a way out.
type Result struct {
	Way Way
	// Outcome is that of the answer where the question was Answered, else zero.
	Outcome zones.Outcome
}

// Answer is the result of a question that is answered with that outcome.
func Answer(outcome zones.Outcome) Result { return Result{Way: Answered, Outcome: outcome} }

// Passed reports whether the question went to the next plugin.
func (r Result) Passed() bool { return r.Way == NotOurs || r.Way == NoView || r.Way == FellThrough }

// String returns the result as the label of a metric.
func (r Result) String() string {
	switch r.Way {
	case Answered:
		return r.Outcome.String()
	case NotOurs:
		return zones.NotOurs.String()
	case NoView:
		return "no-view"
	case StrangerRefused:
		return "stranger-refused"
	case Challenged:
		return "challenge"
	case FellThrough:
		return "fallthrough"
	case Refused, NotImplemented:
		return "refused"
	case Transferred:
		return "transfer"
	case Slipped:
		return "slipped"
	case Dropped:
		return "dropped"
	case Malformed:
		return "malformed"
	default:
		return "invalid"
	}
}
