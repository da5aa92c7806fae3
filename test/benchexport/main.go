//go:build linux

// Command benchexport measures what it takes to export a topology with very many
// custom endpoints as one zone: time, processor time and the most memory in use,
// of bin/auralink and of the tools with which name servers read the same zone.
//
// The first line is what it takes to read the topology and plan it; exporting
// needs as much before it begins to write.
//
// Run it with: make bench-export
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/auralink/auralink/test/benchserver/scale"
)

const origin = "endpoints.neo4j.io"

func main() {
	auralink := flag.String("auralink", "bin/auralink", "the program to measure")
	endpoints := flag.Int("endpoints", 1_000_000, "custom endpoints, of which each has five names")
	flag.Parse()
	if err := run(os.Stdout, *auralink, *endpoints); err != nil {
		fmt.Fprintf(os.Stderr, "benchexport: error: %v\n", err)
		os.Exit(2)
	}
}

// run measures and prints. However it ends, it leaves no file.
func run(w io.Writer, auralink string, endpoints int) (err error) {
	dir, err := os.MkdirTemp("", "benchexport")
	if err != nil {
		return fmt.Errorf("making a directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	topology := filepath.Join(dir, "topology.yaml")
	if err := writeTopology(topology, endpoints); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d custom endpoints as one zone\n\n", endpoints)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\ttime s\tprocessor s\tmemory MiB\t")
	for _, job := range jobs(auralink, topology, dir) {
		f, err := job.measure()
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%s\t", job.name, f)
		fmt.Fprintln(table)
	}
	return table.Flush()
}

// writeTopology writes a topology with two regions, so that each custom endpoint
// has records of its own.
func writeTopology(path string, endpoints int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := (scale.Size{Endpoints: endpoints, VPCs: 1, Regions: 2}).WriteTo(file); err != nil {
		return err
	}
	return file.Close()
}

// job is a command to measure.
type job struct {
	name string
	args []string
}

// jobs are in the order in which they must run: the first export makes the zone
// that the others read.
func jobs(auralink, topology, dir string) []job {
	out := filepath.Join(dir, "zones")
	zone := filepath.Join(out, origin+".zone")
	export := []string{auralink, "export", topology, "--shape", "one-zone", "--out", out}
	return []job{
		{"auralink plan", []string{auralink, "plan", topology, "-o", "json"}},
		{"auralink export", export},
		{"auralink export, nothing changed", export},
		{"auralink export --check", append(export[:len(export):len(export)], "--check")},
		{"named-compilezone", []string{"named-compilezone", "-q", "-o", "/dev/null", origin, zone}},
		{"nsd-checkzone", []string{"nsd-checkzone", origin, zone}},
		{"kzonecheck", []string{"kzonecheck", "-o", origin, zone}},
	}
}

// figures are what a command took; nil where its program is not there.
type figures struct {
	wall, processor time.Duration
	memory          int64 // octets, the most at a time
}

// String returns the figures as columns of the table.
func (f *figures) String() string {
	if f == nil {
		return "not there\t\t"
	}
	return fmt.Sprintf("%.1f\t%.1f\t%d", f.wall.Seconds(), f.processor.Seconds(), f.memory>>20)
}

func (j job) measure() (*figures, error) {
	if _, err := exec.LookPath(j.args[0]); err != nil {
		return nil, nil // nothing to measure is no error
	}
	cmd := exec.Command(j.args[0], j.args[1:]...)
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", j.name, err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return nil, fmt.Errorf("%s: the kernel does not say what it took", j.name)
	}
	return &figures{
		wall:      time.Since(begun),
		processor: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		memory:    usage.Maxrss << 10,
	}, nil
}
