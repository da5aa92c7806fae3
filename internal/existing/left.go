package existing

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// keptCopy is the name of a copy that an editor, patch or a package manager keeps of a file; its
// first or second group is the file's name.
var keptCopy = pattern.Lazily(`^(?:#(.+)#|(.+?)(?:~|\.(?:bak|orig|old|rej|save|rpmnew|rpmorig|rpmsave|dpkg-(?:bak|dist|new|old|tmp)|ucf-(?:dist|new|old))))$`)

// copied returns the file of which an entry of a directory is a copy, if that is there as well.
func copied(entry os.DirEntry, entries []os.DirEntry) (of string, there bool) {
	m := keptCopy().FindStringSubmatch(entry.Name())
	if m == nil {
		return "", false
	}
	of = m[1] + m[2]
	return of, slices.ContainsFunc(entries, func(other os.DirEntry) bool { return other.Name() == of })
}

// skips reports whether an entry of a directory is none of the files that are read, and tells
// what somebody could take for one. A symbolic link is what it leads to, as it is to servers.
func (r *reading) skips(dir string, entry os.DirEntry, entries []os.DirEntry) bool {
	path := filepath.Join(dir, entry.Name())
	if strings.HasPrefix(entry.Name(), ".") {
		return true
	}
	info, err := os.Stat(path)
	of, there := copied(entry, entries)
	switch {
	case err == nil && strings.ContainsFunc(entry.Name(), unicode.IsControl):
		return !info.Mode().IsRegular()
	case strings.HasSuffix(entry.Name(), ".tfstate.backup"):
		r.note("%s is not read: it is the state before the last one, which Terraform keeps", path)
	case there:
		r.note("%s is not read: it is a copy of %s that an editor or a package manager keeps; give it by itself to have it read", path, of)
	case err != nil:
		r.note("%s is not read: the symbolic link leads to no file", path)
	case info.IsDir():
		r.note("%s is not read: of a directory the files are read, and not its directories: name it too, or instead", path)
	default:
		return !info.Mode().IsRegular()
	}
	return true
}

// leave tells that a file of a directory is left out, and why. What auralink has written for a
// VPC, and documents that are about Aura's DNS, may lead names somewhere.
func (r *reading) leave(j *job, vpc string, err error) {
	switch at := (holdings.Place{File: j.path}); {
	case vpc != "":
		r.builder.Unread(at, "the file is not read: it is a script or a part of a configuration that auralink has written for VPC %s: audit the directory with its %s, which says whether it was edited, or leave the file out", vpc, exportdir.ManifestName)
	case j.document && filepath.Ext(j.path) == ".tf":
		r.builder.Unread(at, "the file is not read: it is in Terraform's own language, and makes records in the module of its directory: audit what terraform show -json says")
	case j.document && !besideName.MatchString(filepath.Base(j.path)):
		r.builder.Unread(at, "the file is not read: it names Aura's names and DNS, and what kind of file it is cannot be told: leave it out if it leads no name anywhere, or give it by itself with --as KIND")
	case j.says && filepath.Ext(j.path) == ".conf" && r.hasServer(j.folder):
		r.builder.Unread(at, "the file is not read: it cannot be told of which server it is a configuration, and one of a server is beside it: leave it out if it is of none, or give it by itself with --as KIND")
	default:
		r.note("%s is not read: %v", j.path, unwrapped(err))
	}
}

// hasServer reports whether a directory has a configuration of a server.
func (r *reading) hasServer(in *folder) bool {
	return slices.ContainsFunc(r.jobs, func(j *job) bool { return j.folder == in && j.server != "" })
}

// aboutDNS reports whether a document that begins with head has names of Aura's, and is about
// DNS.
func aboutDNS(head []byte) bool {
	text := formats.NewHead(head)
	lower := strings.ToLower(string(text))
	return (text.Document() || dnsKinds.MatchString(lower)) && !beside.MatchString(lower) && strings.Contains(lower, auraname.Host) && dnsWords.MatchString(lower)
}

// makesRecords reports whether a text in Terraform's own language has records of Aura's names, or
// some whose names are not written out.
func makesRecords(head []byte) bool {
	text := strings.ToLower(string(formats.NewHead(head)))
	return hclRecord.MatchString(text) && (strings.Contains(text, auraname.Host) || hclName.MatchString(text))
}

// hclRecord matches resources of DNS in Terraform's own language, and hclName the name of one that
// is an expression, or has one in it.
var (
	hclRecord = regexp.MustCompile(`(?m)^\s*resource\s+"[a-z0-9_]*(_route53_|_dns_|powerdns_)[a-z0-9_]*"`)
	hclName   = regexp.MustCompile(`(?m)^\s*(name|dns_name)\s*=\s*([^"\s]|"[^"\n]*\$\{)`)
)

// dnsWords are what documents have that say where names lead.
var dnsWords = regexp.MustCompile(`dns|route53|recordset|record_set|resolver|"(a|cname)"`)

// dnsKinds are resources of Kubernetes whose names say that they are about DNS.
var dnsKinds = regexp.MustCompile(`(?m)^kind: *"?[a-z]*(dns|record|zone)`)

// beside are documents that tools keep beside what makes records, and which make none: the tree
// of constructs of the CDK and its list of artifacts, and parameters of templates. Some are known
// by their names alone, such as values of variables.
var (
	beside     = regexp.MustCompile(`"version": *"tree-|"cdk:tree"|deploymentparameters\.json`)
	besideName = regexp.MustCompile(`(\.tfvars|^cdk|^cdk\.context|^package|^package-lock)\.json$`)
)

// unwrapped returns why a file of a directory is not read.
func unwrapped(err error) error {
	if mistaken := (*formats.MistakenError)(nil); errors.As(err, &mistaken) {
		return mistaken
	}
	return all.ErrUnknown
}
