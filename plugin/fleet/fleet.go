// Package fleet has the plugin auralink read topologies from etcd, where the command
// auralink push puts them for many servers:
//
//	auralink etcd://etcd-a,etcd-b,etcd-c/auralink/prod {
//	    tls /etc/auralink/etcd.crt /etc/auralink/etcd.key /etc/auralink/etcd-ca.crt
//	}
//
// It is a package of its own because etcd's client is large: whoever imports this
// package has it, and nobody else. It adds no directive, only what may stand behind
// auralink. docs/fleet.md tells the rest.
package fleet

import (
	"errors"
	"fmt"
	"os"
	"regexp"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/source/etcd"
	"github.com/auralink/auralink/internal/version"
)

func init() {
	source.Register(fleet.Scheme, source.Scheme{
		Properties:  []string{"tls", "user", "name"},
		Open:        open,
		StartWithin: etcd.StartWithin,
	})
}

// open returns the source for a URL and the properties of the Corefile.
func open(url string, settings source.Settings) (source.Source, error) {
	address, err := fleet.ParseAddress(url)
	if err != nil {
		return nil, err
	}
	options := etcd.Options{URL: url, Address: address, Version: version.String(), Log: settings.Log}
	if options.Access, err = accessOf(settings); err != nil {
		return nil, err
	}
	if options.Server, err = nameOf(settings); err != nil {
		return nil, err
	}
	return etcd.New(options), nil
}

// accessOf reads the properties tls and user.
func accessOf(settings source.Settings) (a fleet.Access, err error) {
	if args, there := settings.Properties["tls"]; there {
		if len(args) != 3 {
			return a, fmt.Errorf("tls takes three paths, CERT KEY CA, got %q", args)
		}
		a.Cert, a.Key, a.CA = settings.Path(args[0]), settings.Path(args[1]), settings.Path(args[2])
	}
	if args, there := settings.Properties["user"]; there {
		if len(args) != 1 {
			return a, fmt.Errorf("user takes one path, of a file with the line NAME:PASSWORD, got %d words", len(args))
		}
		a.User = settings.Path(args[0])
	}
	if a.User != "" && a.Cert == "" {
		return a, errors.New("user needs tls: the password would go over the network for all to read")
	}
	return a, nil
}

// named finds what can be the name of a server: a part of a key, and a word in a list.
var named = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// nameOf reads the property name, which is the host's name if nothing is said.
func nameOf(settings source.Settings) (string, error) {
	args, there := settings.Properties["name"]
	if !there {
		host, err := os.Hostname()
		if err != nil {
			return "", fmt.Errorf("the host has no name, so that the property name must say one: %w", err)
		}
		args = []string{host}
	}
	if len(args) != 1 || !named.MatchString(args[0]) {
		return "", fmt.Errorf("name takes one word of letters, digits, dots, hyphens and underscores, got %q", args)
	}
	return args[0], nil
}
