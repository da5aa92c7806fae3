package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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

Two servers that run with one name are two lines.`,
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
		if err != nil {
			return err
		}
		return listServers(cmd.OutOrStdout(), servers, url, output)
	}
	return cmd
}

// runForget takes a server off the list.
func runForget(cmd *cobra.Command, store *fleet.Store, name string) error {
	servers, _, err := store.Servers(cmd.Context())
	if err != nil {
		return err
	}
	if slices.ContainsFunc(servers, func(s fleet.Server) bool { return s.Name == name && s.State != fleet.Gone }) {
		return hint.Add(fmt.Errorf("server %q is not gone", name), "stop it first")
	}
	known, err := store.Forget(cmd.Context(), name)
	if err == nil && !known {
		err = fmt.Errorf("no server is called %q", name)
	}
	return err
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
			s.Since.Format(time.RFC3339), plainText(s.Version), plainText(s.Error))
	}
	return table.Flush()
}

// lacking returns the servers that are not up to date.
func lacking(servers []fleet.Server) []fleet.Server {
	return slices.DeleteFunc(slices.Clone(servers), func(s fleet.Server) bool { return s.State == fleet.UpToDate })
}

// errNotAll ends a command that has printed which servers have not what they should.
var errNotAll = errors.New("not all servers are up to date")

// waitEvery is the time between two looks at what the servers have.
const waitEvery = 200 * time.Millisecond

// waitForAll waits until all servers have what is meant for them, for as long as a push
// is the last one. It prints who has not.
func waitForAll(cmd *cobra.Command, store *fleet.Store, number int64, within time.Duration) error {
	ctx, cancel := context.WithTimeout(cmd.Context(), within)
	defer cancel()
	var servers []fleet.Server
	var unread error // why nobody knows what servers have
	for {
		listed, head, err := store.Servers(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			unread = err
		case err == nil && head.Pointer.Last != number:
			return fmt.Errorf("revision %d was followed by %d, before all had it", number, head.Pointer.Last)
		case err == nil:
			servers, unread = listed, nil
		}
		if len(servers) > 0 && err == nil && len(lacking(servers)) == 0 {
			fmt.Fprintf(cmd.OutOrStdout(), "all %d servers have what is meant for them\n", len(servers))
			return nil
		}
		select {
		case <-ctx.Done():
			return tellLacking(cmd, servers, unread, within)
		case <-time.After(waitEvery):
		}
	}
}

// tellLacking prints which servers have not what is meant for them.
func tellLacking(cmd *cobra.Command, servers []fleet.Server, unread error, within time.Duration) error {
	if unread != nil {
		return fmt.Errorf("after %s nobody knows which servers have it: %w", within, unread)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "after %s not all servers have what is meant for them:\n", within)
	if err := writeServers(cmd.OutOrStdout(), lacking(servers), "this fleet"); err != nil {
		return err
	}
	return errNotAll
}
