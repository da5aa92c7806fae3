package source

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/auralink/auralink/internal/acceptance"
)

// Outcome is what became of the text that a source has returned last, or of its error.
type Outcome struct {
	// Serving is the digest of the text that is served, Since is when that was taken.
	Serving acceptance.Digest
	Since   time.Time
	// Problem says why that is not the text that the source has returned; nil if it is.
	Problem error
}

// Hearer is a source that wants to know what became of its texts.
type Hearer interface {
	// Hear is told what became of the last text, once somebody serves. It must not wait.
	Hear(Outcome)
}

// Remote is a source whose text is somewhere that can be away. While it is away, what
// was taken last is served, and there is nothing to tell of it but this.
type Remote interface {
	// AwaySince is since when it is away; the zero time while it is there.
	AwaySince() time.Time
}

// Log is where a source tells what happens to it that is no text.
type Log interface {
	Infof(format string, args ...any)
	Warningf(format string, args ...any)
}

// Settings is what stands around the URL of a source.
type Settings struct {
	// Properties are the arguments of each property that the scheme knows.
	Properties map[string][]string
	// Path returns where a path among them leads.
	Path func(string) string
	Log  Log
}

// Scheme is what the URLs with one scheme lead to.
type Scheme struct {
	// Properties are the names of the properties that such a source may have.
	Properties []string
	// Open returns the source. It asks nobody yet.
	Open func(url string, settings Settings) (Source, error)
	// StartWithin is how long a server waits at its start for the first text.
	StartWithin time.Duration
}

// schemes are those of this build.
var schemes sync.Map

// Register makes a scheme known to this build. It is for init functions of packages
// that stand behind a scheme, as drivers stand behind database/sql: whoever imports
// one has it.
func Register(name string, scheme Scheme) {
	if _, twice := schemes.LoadOrStore(name, scheme); twice {
		panic("source: the scheme " + name + " is registered twice")
	}
}

// scheme finds what a URL begins with (RFC 3986, section 3.1).
var scheme = regexp.MustCompile(`^(?i)([a-z][a-z0-9+.-]*)://`)

// slip finds what is more likely a URL of a fleet than a path.
var slip = regexp.MustCompile(`^(?i)etcd(:|//)`)

// UnknownSchemeError is for a URL whose scheme this build has not.
type UnknownSchemeError struct{ Name string }

// Error says how to have a build with the scheme that there is.
func (e *UnknownSchemeError) Error() string {
	if e.Name == "etcd" {
		return "this build reads no topology from etcd:// URLs: build one that does, " +
			`"go build -tags fleet -o bin/coredns ./cmd/coredns", or with the line fleet:github.com/auralink/auralink/plugin/fleet in plugin.cfg`
	}
	return fmt.Sprintf("no build reads a topology from %s:// URLs: name a file, or a fleet as etcd://HOST[:PORT],.../PREFIX", e.Name)
}

// SchemeOf returns the scheme of a topology's name. One that is no URL is a path: then
// it is not remote. The error is an [UnknownSchemeError], or says how a fleet is named.
func SchemeOf(topology string) (s Scheme, remote bool, err error) {
	found := scheme.FindStringSubmatch(topology)
	if found == nil {
		if slip.MatchString(topology) {
			return Scheme{}, false, errors.New("a fleet is named as etcd://HOST[:PORT],.../PREFIX, and a file whose name begins so as ./etcd")
		}
		return Scheme{}, false, nil
	}
	name := strings.ToLower(found[1])
	known, there := schemes.Load(name)
	if !there {
		return Scheme{}, true, &UnknownSchemeError{Name: name}
	}
	return known.(Scheme), true, nil
}
