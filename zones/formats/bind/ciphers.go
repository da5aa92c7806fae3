package bind

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/pattern"
)

// cipherGroups are what OpenSSL calls some ciphers together: openssl-ciphers(1).
var cipherGroups = strings.Fields(`DEFAULT COMPLEMENTOFDEFAULT ALL COMPLEMENTOFALL HIGH MEDIUM LOW eNULL NULL aNULL kRSA aRSA RSA kDHr kDHd kDH
	kDHE kEDH DH DHE EDH ADH kEECDH kECDHE ECDH ECDHE EECDH AECDH aECDH aDSS DSS aDH aECDSA ECDSA TLSv1.2 TLSv1.0 TLSv1 SSLv3 AES128 AES256 AES AESGCM
	AESCCM AESCCM8 ARIA128 ARIA256 ARIA ARIAGCM CAMELLIA128 CAMELLIA256 CAMELLIA CHACHA20 3DES DES RC4 RC2 IDEA SEED MD5 SHA1 SHA SHA256 SHA384 aGOST
	aGOST01 aGOST12 kGOST kGOST18 GOST94 GOST89MAC PSK kPSK kECDHEPSK kDHEPSK kRSAPSK aPSK SRP kSRP aSRP SUITEB128 SUITEB128ONLY SUITEB128C2 SUITEB192 FIPS CBC`)

// isCipher matches what may be the name of a cipher: it has at least two parts.
var isCipher = pattern.Matching(`^[A-Z0-9]+(-[A-Za-z0-9]+)+$`)

// isCiphers reports whether a list of OpenSSL may have any cipher. It leaves out what it does not
// know, and a list that is empty then is none.
func isCiphers(text string) bool {
	all := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(":, ;", c) })
	return slices.ContainsFunc(all, func(part string) bool {
		part, _, _ = strings.Cut(part, "@")
		return !slices.ContainsFunc(strings.Split(part, "+"), func(name string) bool {
			return !slices.Contains(cipherGroups, name) && !isCipher(name)
		})
	})
}
