package guard

import (
	"fmt"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
)

// SerialStep is what a change does to the serial of a VPC's zones.
type SerialStep struct {
	Before uint32
	After  uint32 // 0 for none
}

// stepOf returns the step that secondaries would miss; changed is whether records do
// change. Without a serial before there is nothing that must grow.
func stepOf(before, after uint32, changed func() bool) *SerialStep {
	switch {
	case before == 0, after != 0 && zones.SerialAhead(after, before):
		return nil
	case after == before && !changed():
		return nil
	default:
		return &SerialStep{Before: before, After: after}
	}
}

// SerialOf is the [SerialStep] of zones that are in a file; nil where their secondaries
// would miss nothing.
func SerialOf(before, after uint32, changed bool) *SerialStep {
	return stepOf(before, after, func() bool { return changed })
}

// serial returns the step of a VPC's zones; either side may be nil, but not both.
func (c *comparison) serial(old, wanted *plan.VPC) *SerialStep {
	return stepOf(c.before.Serial, c.after.Serial, func() bool { return !c.sameRecords(old, wanted) })
}

// sameRecords reports whether the zones of a VPC are the same before and after; either
// may be nil.
func (c *comparison) sameRecords(old, wanted *plan.VPC) bool {
	if old == nil || wanted == nil {
		return hasNoZones(old) && hasNoZones(wanted)
	}
	return old.View.TTL == wanted.View.TTL && c.sameAnswers(old, wanted)
}

// hasNoZones reports whether a VPC, which may be nil, has no zones.
func hasNoZones(v *plan.VPC) bool { return v == nil || len(v.View.Zones) == 0 }

// SameRecords reports whether the zones of all VPCs are the same by two plans, so that
// they may keep their serial.
func SameRecords(before, after *plan.Plan) bool {
	c := newComparison(before, after)
	for old, wanted := range c.pairs(c.clientMoves()) {
		if !c.sameRecords(old, wanted) {
			return false
		}
	}
	return true
}

func (t Tally) serial() string {
	switch s := t.Serial; {
	case s == nil:
		return ""
	case s.After == 0:
		return fmt.Sprintf("the serial %d would be gone: servers of this topology would have one each, and secondaries miss changes", s.Before)
	case s.After == s.Before:
		return fmt.Sprintf("records change, and the serial stays %d: secondaries would keep the old ones; write serial: %d or greater",
			s.Before, zones.NextSerial(s.Before, s.Before))
	default:
		return fmt.Sprintf("the serial would go back from %d to %d: secondaries would keep what they have; write serial: %d or greater",
			s.Before, s.After, zones.NextSerial(s.Before, s.Before))
	}
}
