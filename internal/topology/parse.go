package topology

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/acceptance"
)

// Parse reads, decodes and validates a topology file.
//
// All that is found is returned at once, sorted by place: the warnings with a
// usable topology, and errors and warnings together in an [*InvalidError]
// otherwise. Any other error is from reading r, or is [ErrTooLarge].
func Parse(r io.Reader) (*Topology, Findings, error) {
	source, err := readSource(r)
	if err != nil {
		return nil, nil, err
	}
	c := &collector{source: source}
	raw, decoded := (&decoder{collector: c}).decode()
	if !decoded {
		if !c.mends() {
			c.retell()
		}
		findings := c.result()
		return nil, findings, &InvalidError{Findings: findings}
	}
	broken := slices.Clone(c.findings)
	t := (&validator{collector: c}).validate(raw)
	c.dropConsequences(broken, raw)
	if len(broken) > 0 {
		c.retell()
	}
	findings := c.result()
	if findings.HasErrors() {
		return nil, findings, &InvalidError{Findings: findings}
	}
	return t, findings, nil
}

// dropConsequences removes findings that may only follow from what could not be
// decoded. The broken are the findings of decoding, which come first and stay.
func (c *collector) dropConsequences(broken Findings, raw rawTopology) {
	if len(broken) == 0 {
		return
	}
	places := make(map[Place]bool, len(broken))
	for _, f := range broken {
		places[f.Place] = true
	}
	regionsLost := slices.ContainsFunc(broken, func(f Finding) bool { return losesRegion(f, raw) })
	kept := slices.DeleteFunc(c.findings[len(broken):], func(f Finding) bool {
		switch {
		case f.Line == 0 || places[f.Place]:
			return true
		case f.Code == CodeUnknownRegion:
			return regionsLost
		case f.Code == CodeEmpty, f.Code == CodeEmptyLink, f.Code == CodeNoLinks, f.Code == CodeCatchAllConflict:
			return slices.ContainsFunc(broken, func(b Finding) bool { return related(b.Path, f.Path) })
		case f.Code == CodeUnlinkedEndpoints:
			return true // a link may be missing
		default:
			return false
		}
	})
	c.findings = c.findings[:len(broken)+len(kept)]
}

// losesRegion reports whether the declaration of a region may be missing because of
// f, a finding of decoding. All are missing if the table could not be decoded, or
// stands under an unknown key. One is missing if its entry could not be decoded. A
// finding below an entry loses none.
func losesRegion(f Finding, raw rawTopology) bool {
	top, below, nested := strings.Cut(f.Path, ".")
	if top == "regions" {
		return !strings.ContainsAny(below, ".[")
	}
	return !nested && len(raw.Regions.entries) == 0
}

// related reports whether one of two paths is at or below the other.
func related(a, b string) bool { return atOrBelow(a, b) || atOrBelow(b, a) }

// atOrBelow reports whether a path is another, or that of something in it. The file as
// a whole has the empty path.
func atOrBelow(path, top string) bool {
	rest, ok := strings.CutPrefix(path, top)
	return ok && (rest == "" || top == "" || rest[0] == '.' || rest[0] == '[')
}

// validator turns raw values into a Topology, once.
type validator struct {
	*collector
	topology *Topology
	regions  map[string]int  // name → index in topology.Regions
	misnamed map[string]bool // what is declared as a region, and cannot be the name of one
}

func (v *validator) validate(raw rawTopology) *Topology {
	v.topology = &Topology{TTL: v.ttl(raw.TTL), Serial: v.serial(raw.Serial)}
	if len(raw.Regions.entries) == 0 {
		v.errorf(CodeEmpty, raw.Regions.at, "regions", "declare each Aura region: write "+exampleRegions(raw), "there are no regions")
	}
	if len(raw.VPCs.entries) == 0 {
		v.errorf(CodeEmpty, raw.VPCs.at, "vpcs", "declare each of your networks: write "+exampleVPCs(raw), "there are no VPCs")
	}
	v.checkSize(raw)
	v.acceptance(raw.Replaces)
	v.declareRegions(raw.Regions)
	v.declareNames(raw.Regions)
	v.vpcs(raw.VPCs)
	v.ambiguousAddresses(raw.VPCs)
	v.checkNames(raw)
	v.endpoints(raw.Endpoints)
	v.noteNoOrchestras(raw.Regions)
	return v.topology
}

// maxPairs bounds the number of regions times the number of VPCs: a plan has
// something for each pair.
const maxPairs = 1_000_000

func (v *validator) checkSize(raw rawTopology) {
	regions, vpcs := len(raw.Regions.entries), len(raw.VPCs.entries)
	if regions*vpcs > maxPairs {
		v.errorf(CodeTooManyPairs, raw.VPCs.at, "vpcs", "split the topology by VPCs, or remove regions that no VPC links",
			"%d VPCs times %d regions are more than %d", vpcs, regions, maxPairs)
	}
}

// maxNames bounds the orchestras of the linked regions and the extra names of all
// regions, summed up over the VPCs: each costs about a kilobyte. Custom endpoints
// do not count, for VPCs share them.
const maxNames = 250_000

func (v *validator) checkNames(raw rawTopology) {
	extra := 0
	for _, region := range v.topology.Regions {
		extra += len(region.ExtraNames)
	}
	total := extra * len(v.topology.VPCs)
	for _, vpc := range v.topology.VPCs {
		for _, link := range vpc.Links {
			total += len(v.topology.Regions[link.Region].Orchestras)
		}
	}
	if total > maxNames {
		v.errorf(CodeTooManyPairs, raw.VPCs.at, "vpcs", "split the topology by VPCs",
			"the orchestras and extra names of all VPCs together are %d, more than %d", total, maxNames)
	}
}

// Bounds of the TTL, in seconds. A private endpoint that was recreated has a
// new address, so a day is long already.
const (
	minTTL = 1
	maxTTL = 86400
)

func (v *validator) ttl(s integer) uint32 {
	if !s.present() {
		return DefaultTTL
	}
	ttl, err := strconv.ParseUint(s.text, 10, 32)
	// 030 is 30 in YAML 1.2, and 24 in YAML 1.1.
	if err != nil || s.text[0] == '0' || ttl < minTTL || ttl > maxTTL {
		v.errorf(CodeBadTTL, s.at, "ttl", ttlHint(s.text),
			"ttl is %s: expected a whole number of seconds from %d to %d", s.text, minTTL, maxTTL)
		return DefaultTTL
	}
	return uint32(ttl)
}

// ttlHint says how a TTL is written that YAML takes for a number in other ways.
func ttlHint(text string) string {
	ttl, err := strconv.ParseUint(strings.TrimLeft(text, "0"), 0, 32)
	if err != nil {
		ttl, err = strconv.ParseUint(text, 0, 32)
	}
	if err != nil || ttl < minTTL || ttl > maxTTL {
		return leaveOutTTL
	}
	return "write " + strconv.FormatUint(ttl, 10)
}

// acceptance checks the form of the line that accepts a change. Whether it accepts
// the right change is judged by whoever serves the text that is replaced.
func (v *validator) acceptance(s text) {
	if !s.present() {
		return
	}
	_, err := acceptance.Parse(s.text)
	if line := v.source.line(int(s.at.line)); err == nil && !bytes.HasPrefix(line, []byte(acceptance.Key+":")) {
		err = errors.New("it must be a line of its own that is not indented")
	}
	if err != nil {
		v.errorf(CodeBadAcceptance, s.at, acceptance.Key, "copy the line that auralink diff prints, or remove it", "%s: %s", acceptance.Key, err.Error())
	}
}

// declareRegions fills topology.Regions with names only, and the index.
func (v *validator) declareRegions(raw table[rawRegion]) {
	lines := make(map[string]int32, len(raw.entries))
	v.misnamed = make(map[string]bool)
	for _, e := range raw.entries {
		path := "regions." + e.key.text
		if !v.word(e.key, path, "region") || !v.firstTime(lines, e.key.text, e.key, path) {
			continue
		}
		v.topology.Regions = append(v.topology.Regions, Region{Name: e.key.text})
	}
	slices.SortFunc(v.topology.Regions, func(a, b Region) int { return strings.Compare(a.Name, b.Name) })
	for _, e := range raw.entries {
		if CheckWord(e.key.text) != "" {
			v.misnamed[e.key.text] = true
		}
	}
	v.regions = make(map[string]int, len(v.topology.Regions))
	for i, r := range v.topology.Regions {
		v.regions[r.Name] = i
	}
}

// word checks a label of the user's.
func (v *validator) word(s scalar, path, what string) bool {
	if wrong := CheckWord(s.text); wrong != "" {
		v.errorf(CodeBadName, s.at, path, wordHint(s.text), "%s %q %s", what, s.text, wrong)
		return false
	}
	return true
}

// firstTime notes name as seen at s, and complains if it was seen before.
func (v *validator) firstTime(lines map[string]int32, name string, s scalar, path string) bool {
	if line, again := lines[name]; again {
		v.errorf(CodeDuplicate, s.at, path, "keep one of them", "%q stands twice, first in line %d", s.text, line)
		return false
	}
	lines[name] = s.at.line
	return true
}

func (v *validator) unknownRegion(s scalar, path string) {
	if v.misnamed[s.text] {
		return // that is said where it is declared
	}
	v.errorf(CodeUnknownRegion, s.at, path, v.regionHint(s.text), "region %q is not declared", s.text)
}

// maxSpelled is among how many names one is sought that is near.
const maxSpelled = 200

func (v *validator) knownRegions() string {
	regions := v.topology.Regions
	if len(regions) == 0 {
		return "declare it under regions"
	}
	names := make([]string, min(len(regions), maxNamed))
	for i := range names {
		names[i] = regions[i].Name
	}
	return "declared under regions: " + Abridge(names, len(regions))
}

// maxNamed is how many names a message lists before it only counts.
const maxNamed = 10

// Abridge lists the first names of total, and says how many more there are.
func Abridge(names []string, total int) string {
	if len(names) > maxNamed {
		names = names[:maxNamed]
	}
	listed := strings.Join(names, ", ")
	if total > len(names) {
		listed += fmt.Sprintf(" and %d more", total-len(names))
	}
	return listed
}
