package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/report"
)

// The environment variables that stand for arguments and flags of fleets. None of them
// has a secret: they have paths of files.
const (
	envFleet = "AURALINK_FLEET"
	envCert  = "AURALINK_TLS_CERT"
	envKey   = "AURALINK_TLS_KEY"
	envCA    = "AURALINK_TLS_CA"
	envUser  = "AURALINK_USER_FILE"
)

// fleetFlags say how to come to a fleet.
type fleetFlags struct{ cert, key, ca, user string }

func (f *fleetFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.cert, "tls-cert", os.Getenv(envCert), "our certificate for etcd, a `FILE` ($"+envCert+")")
	cmd.Flags().StringVar(&f.key, "tls-key", os.Getenv(envKey), "its key, a `FILE` ($"+envKey+")")
	cmd.Flags().StringVar(&f.ca, "tls-ca", os.Getenv(envCA), "who signs etcd's certificate, a `FILE` ($"+envCA+")")
	cmd.Flags().StringVar(&f.user, "user-file", os.Getenv(envUser), "a user of etcd, a `FILE` with the line NAME:PASSWORD ($"+envUser+")")
	for _, flag := range []string{"tls-cert", "tls-key", "tls-ca", "user-file"} {
		cmd.Flags().Lookup(flag).DefValue = "" // the help is the same for all
	}
}

// open returns the fleet at a URL, or that of the environment if there is none.
func (f *fleetFlags) open(url string) (*fleet.Store, string, error) {
	if url == "" {
		url = os.Getenv(envFleet)
	}
	if url == "" {
		return nil, "", hint.Add(errors.New("which fleet?"), "etcd://HOST,.../PREFIX, or $"+envFleet)
	}
	address, err := fleet.ParseAddress(url)
	if err != nil {
		return nil, "", err
	}
	store, err := fleet.Open(address, fleet.Access{Cert: f.cert, Key: f.key, CA: f.ca, User: f.user})
	return store, url, err
}

// urlOf returns the URL among the arguments, if it is there.
func urlOf(args []string, at int) string {
	if len(args) > at {
		return args[at]
	}
	return ""
}

// plainText returns a text of somebody else's in one line, without what a terminal takes
// for a command.
func plainText(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}

func newFleet() *cobra.Command {
	var flags fleetFlags
	var forget, output string
	cmd := &cobra.Command{
		Use:   "fleet [URL]",
		Short: "List the servers of a fleet, and which revision each has",
		Long: `List the servers of a fleet, and which revision each has. A server is

  up to date   it serves the revision that is meant for it
  behind       it serves another one
  refusing     it serves another one, and says why
  gone         it says nothing any more; --forget NAME takes it off the list

Two servers that run with one name are two lines. Give each a name of its own, by the
property name in its Corefile: a canary of one name would be both.`,
		Example: "  auralink fleet etcd://etcd-a,etcd-b,etcd-c/auralink/prod",
		Args:    exactArgs(0, 1),
	}
	outputFlag(cmd, &output, outputText, outputJSON)
	flags.add(cmd)
	cmd.Flags().StringVar(&forget, "forget", "", "take the server `NAME`, which is gone, off the list")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		store, url, err := flags.open(urlOf(args, 0))
		if err != nil {
			return err
		}
		defer store.Close()
		if forget != "" {
			return runForget(cmd, store, forget)
		}
		servers, _, err := store.Servers(cmd.Context())
		if servers == nil {
			return err
		}
		if listed := listServers(cmd.OutOrStdout(), servers, url, output); err == nil {
			err = listed
		}
		return err
	}
	return cmd
}

// runForget takes a server off the list.
func runForget(cmd *cobra.Command, store *fleet.Store, name string) error {
	servers, _, err := store.Servers(cmd.Context())
	if err != nil {
		return err
	}
	var gone, run []string
	for _, s := range servers {
		if s.State == fleet.Gone {
			gone = append(gone, s.Name)
		} else {
			run = append(run, s.Name)
		}
	}
	switch {
	case slices.Contains(gone, name):
		_, err = store.Forget(cmd.Context(), name)
		return err
	case slices.Contains(run, name):
		return hint.Add(fmt.Errorf("server %q is not gone", name), "stop it first")
	}
	return hint.Add(fmt.Errorf("no server is called %q", plainText(name)), amongServers("--forget", name, slices.Compact(gone)))
}

// amongServers is [among] for servers, of which there may be none.
func amongServers(flag, name string, known []string) string {
	if len(known) == 0 {
		return "there is none for " + flag + "; auralink fleet lists those that there are"
	}
	return among(flag, name, known)
}

// listServers prints what the servers of a fleet have.
func listServers(w io.Writer, servers []fleet.Server, url, form string) error {
	if form == string(outputJSON) {
		if err := report.WriteJSON(w, servers); err != nil {
			return err
		}
	} else if err := writeServers(w, servers, url); err != nil {
		return err
	}
	if len(lacking(servers)) > 0 || len(servers) == 0 {
		return errNotAll
	}
	return nil
}

func writeServers(w io.Writer, servers []fleet.Server, url string) error {
	if len(servers) == 0 {
		_, err := fmt.Fprintf(w, "no server follows %s\n", url)
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SERVER\tSTATE\tHAS\tWANTED\tSINCE\tVERSION\tWHY")
	for _, s := range servers {
		has := "unknown"
		if s.Revision != 0 {
			has = fmt.Sprint(s.Revision)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\t%s\n", plainText(s.Name), s.State, has, s.Wanted,
			s.Since.Format(time.RFC3339), plainText(s.Version), plainText(cmp.Or(s.Error, s.Why)))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return writeTwins(w, servers)
}

// writeTwins says which names more than one running server has.
func writeTwins(w io.Writer, servers []fleet.Server) error {
	run := make(map[string]int)
	for _, s := range servers {
		if s.State != fleet.Gone {
			run[s.Name]++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(run)) {
		if run[name] < 2 {
			continue
		}
		if _, err := fmt.Fprintf(w, "%d servers run with the name %s: give each its own, by the property name in its Corefile, unless one has just ended without a word (which shows within %d seconds)\n", run[name], plainText(name), fleet.LeaseSeconds); err != nil {
			return err
		}
	}
	return nil
}
