package main

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// dir returns the export and where it is to be.
func (f exportFlags) dir(cmd *cobra.Command, format formats.Format, p *plan.Plan, vpc *plan.VPC) (*exportdir.Dir, error) {
	options, err := f.options()
	if err != nil {
		return nil, err
	}
	return f.dirOf(cmd, format, options, p, vpc)
}

// dirOf is dir with what the format is told.
func (f exportFlags) dirOf(cmd *cobra.Command, format formats.Format, options formats.Options, p *plan.Plan, vpc *plan.VPC) (*exportdir.Dir, error) {
	forced, err := parseForce(f.force)
	if err != nil {
		return nil, err
	}
	files, err := format.Files(vpc.View, options)
	if err != nil {
		return nil, hintExport(format, err)
	}
	notePublic(cmd, options.Servers)
	files, err = exportdir.WithView(format.Name, vpc.View, files)
	if err != nil {
		return nil, err
	}
	serials := exportdir.Serials{Now: uint32(time.Now().Unix())} // serials wrap (RFC 1982)
	switch {
	case cmd.Flags().Changed("serial"):
		serials.Fixed = &f.serial
	case p.Serial != 0:
		serials.Fixed, serials.Judged = &p.Serial, true
	}
	return &exportdir.Dir{
		Path:     f.out,
		Now:      exportdir.ManifestOf(format, vpc),
		Files:    files,
		Serials:  serials,
		Guard:    exportdir.Protection{VPC: vpc, Views: p.Views(), Forced: forced},
		Progress: newProgress(cmd.ErrOrStderr()),
	}, nil
}

// notePublic notes servers that are in no private network: one of somebody else's would answer
// from public DNS.
func notePublic(cmd *cobra.Command, servers []netip.Addr) {
	for _, server := range servers {
		if address.Beyond(server) {
			fmt.Fprintf(cmd.ErrOrStderr(), "note: the DNS server's address %s is public: only a server of yours has the plan's names\n", server)
		}
	}
}

// options returns what the flags say to the format.
func (f exportFlags) options() (formats.Options, error) {
	options := formats.Options{Values: f.values}
	if f.shape != "" {
		shape, err := zones.ParseShape(f.shape)
		if err != nil {
			return options, hint.Add(err, among("--shape", f.shape, shapeNames()))
		}
		options.Shape = shape
	}
	for _, ip := range f.servers {
		addr, _ := netip.AddrFromSlice(ip) // a net.IP that was parsed has 4 or 16 octets
		options.Servers = append(options.Servers, addr.Unmap())
	}
	return options, nil
}

// checkFlags returns what is wrong with values of flags that their types take.
func (f exportFlags) checkFlags(cmd *cobra.Command) error {
	switch {
	case cmd.Flags().Changed("serial") && f.serial == 0:
		return hint.Add(errors.New("--serial 0 is no serial"), "a number from 1 to 4294967295")
	case f.out == stdin:
		return hint.Add(errors.New("--out - is no directory"), "leave --out out for standard output")
	}
	_, err := parseForce(f.force)
	return err
}
