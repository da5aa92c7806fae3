package existing

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
)

// Key is a TSIG key (RFC 8945).
type Key struct {
	// Name is absolute and lower-case.
	Name string
	// Algorithm is absolute, such as [dns.HmacSHA256].
	Algorithm string
	// Secret is in base64.
	Secret string
}

var algorithms = []string{dns.HmacSHA1, dns.HmacSHA224, dns.HmacSHA256, dns.HmacSHA384, dns.HmacSHA512}

// statement is a key as BIND has it in its configuration: named.conf(5).
var statement = regexp.MustCompile(`(?s)^key\s+"?([^\s"{]+)"?\s*\{(.*?)\}\s*;?$`)

// clause is one of its two members.
var clause = regexp.MustCompile(`\b(algorithm|secret)\s+"?([^\s";]+)"?\s*;`)

// comments are those that named.conf may have. They begin a line or stand behind
// a space, for a secret may have "//" in it.
var comments = regexp.MustCompile(`(?m)/\*(?s:.*?)\*/|(?:^|\s)(?://|#).*$`)

var errKey = errors.New(`is neither ALGORITHM:NAME:SECRET nor key "NAME" { algorithm ALGORITHM; secret "SECRET"; };`)

// ParseKey reads "algorithm:name:secret", or a key in BIND's syntax. The error
// does not have the secret in it.
func ParseKey(text string) (*Key, error) {
	text = strings.TrimSpace(comments.ReplaceAllString(text, ""))
	if match := statement.FindStringSubmatch(text); match != nil {
		members := make(map[string]string)
		for _, c := range clause.FindAllStringSubmatch(match[2], -1) {
			members[c[1]] = c[2]
		}
		return newKey(members["algorithm"], match[1], members["secret"])
	}
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return nil, fmt.Errorf("the TSIG key %w", errKey)
	}
	return newKey(parts[0], parts[1], parts[2])
}

// newKey checks the parts of a key. The errors have none of them: which of them is
// the secret is not known if they stand in another order.
func newKey(algorithm, name, secret string) (*Key, error) {
	k := &Key{Name: dnsname.Absolute(name), Algorithm: dnsname.Absolute(algorithm), Secret: secret}
	if !slices.Contains(algorithms, k.Algorithm) {
		return nil, errors.New("unknown algorithm of a TSIG key: it is one of hmac-sha1, -sha224, -sha256, -sha384, -sha512")
	}
	if _, ok := dns.IsDomainName(name); !ok || name == "" {
		return nil, errors.New("the name of the TSIG key is not a name")
	}
	if octets, err := base64.StdEncoding.DecodeString(secret); err != nil || len(octets) == 0 {
		return nil, errors.New("the secret of the TSIG key is not base64")
	}
	return k, nil
}

func (k *Key) secrets() map[string]string { return map[string]string{k.Name: k.Secret} }
