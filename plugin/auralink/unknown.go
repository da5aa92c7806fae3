package auralink

import (
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/miekg/dns"
	"golang.org/x/time/rate"

	"github.com/auralink/auralink/internal/authority"
)

const (
	// rememberedLabels bounds the labels that are remembered as logged.
	rememberedLabels = 1024
	// repeatAfter is when a label that is still asked for is logged again.
	repeatAfter = time.Hour
	// logEvery and logBurst bound the lines for labels not seen before.
	logEvery = time.Second
	logBurst = 10
)

// unknownLog says which undeclared custom endpoints are asked for: most often
// endpoints that nobody wrote into the topology.
type unknownLog struct {
	logged *lru.Cache[string, time.Time] // label and view → when
	limit  *rate.Limiter
	now    func() time.Time
	printf func(format string, args ...any)
}

func newUnknownLog() *unknownLog {
	logged, err := lru.New[string, time.Time](rememberedLabels)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &unknownLog{
		logged: logged,
		limit:  rate.NewLimiter(rate.Every(logEvery), logBurst),
		now:    time.Now,
		printf: log.Warningf,
	}
}

// note logs a question for an undeclared endpoint of the zone, unless it was
// logged lately or too much is being logged.
func (u *unknownLog) note(zone *authority.Zone, qname string) {
	label := endpointLabel(qname, zone.Origin)
	key := label + " " + zone.View
	now := u.now()
	if last, ok := u.logged.Get(key); ok && now.Sub(last) < repeatAfter {
		return
	}
	if !u.limit.AllowN(now, 1) {
		return
	}
	u.logged.Add(key, now)
	u.printf("VPC %q asks for custom endpoint %q, which the topology does not declare: "+
		"add it to custom_endpoints with its region", zone.View, label)
}

// endpointLabel returns the label of qname next to origin, in lower case. The
// name is below the origin.
func endpointLabel(qname, origin string) string {
	labels := dns.SplitDomainName(strings.ToLower(qname))
	return labels[len(labels)-dns.CountLabel(origin)-1]
}
