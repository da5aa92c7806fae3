package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/auralink/auralink/internal/spell"
)

// What a matrix of VPCs and regions shows at most: beyond it nothing is seen at a
// glance any more.
const (
	maxMatrixRegions = 12
	maxMatrixVPCs    = 40
)

// lacking is what stands where a VPC has no link to a region.
const lacking = "-"

// Matrix says which VPC has a link to which region. It is empty where there is
// nothing to compare: with one VPC, or without regions.
type Matrix struct {
	// Regions are the columns, in the order of the topology.
	Regions []string `json:"regions"`
	// VPCs are the rows, sorted by name.
	VPCs []MatrixRow `json:"vpcs"`
}

// MatrixRow is the row of a VPC.
type MatrixRow struct {
	VPC string `json:"vpc"`
	// Links has, for each region, how many addresses the VPC's link to it has; 0
	// where there is no link.
	Links []int `json:"links"`
}

// newMatrix returns the matrix of all VPCs.
func newMatrix(vpcs []vpcDocument, regions []string) *Matrix {
	if len(vpcs) < 2 || len(regions) == 0 {
		return nil
	}
	column := make(map[string]int, len(regions))
	for i, region := range regions {
		column[region] = i
	}
	m := &Matrix{Regions: regions, VPCs: make([]MatrixRow, len(vpcs))}
	for i, vpc := range vpcs {
		m.VPCs[i] = MatrixRow{VPC: vpc.Name, Links: make([]int, len(regions))}
		for _, link := range vpc.Links {
			m.VPCs[i].Links[column[link.Region]] = len(link.Addresses)
		}
	}
	return m
}

// complete reports whether each VPC links each region.
func (r MatrixRow) complete() bool { return r.lacks(nil) == 0 }

// lacks counts the regions that the VPC does not link, and passes on which they are.
func (r MatrixRow) lacks(pass func(column int)) int {
	n := 0
	for column, addresses := range r.Links {
		if addresses > 0 {
			continue
		}
		n++
		if pass != nil {
			pass(column)
		}
	}
	return n
}

// writeText writes the matrix as a table, with the number of addresses of each link.
// A large one is only those VPCs that lack a link.
func (m *Matrix) writeText(w io.Writer) {
	if len(m.Regions) > maxMatrixRegions || len(m.VPCs) > maxMatrixVPCs {
		m.writeLacking(w)
		return
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "addresses\t%s\n", strings.Join(m.Regions, "\t"))
	for _, row := range m.VPCs {
		fmt.Fprintf(out, "%s\t%s\n", row.VPC, strings.Join(row.cells(), "\t"))
	}
	_ = out.Flush() // a strings.Builder takes all
}

// cells returns the row's texts.
func (r MatrixRow) cells() []string {
	cells := make([]string, len(r.Links))
	for i, addresses := range r.Links {
		cells[i] = lacking
		if addresses > 0 {
			cells[i] = fmt.Sprint(addresses)
		}
	}
	return cells
}

// writeLacking writes a line for each VPC that lacks a link.
func (m *Matrix) writeLacking(w io.Writer) {
	shown, more := 0, 0
	for _, row := range m.VPCs {
		if row.complete() {
			continue
		}
		if shown == maxMatrixVPCs {
			more++
			continue
		}
		shown++
		var regions []string
		n := row.lacks(func(column int) {
			if len(regions) < maxMatrixRegions {
				regions = append(regions, m.Regions[column])
			}
		})
		if rest := n - len(regions); rest > 0 {
			regions = append(regions, fmt.Sprintf("and %d more", rest))
		}
		fmt.Fprintf(w, "VPC %s has no link to %s\n", row.VPC, strings.Join(regions, ", "))
	}
	switch {
	case more > 0:
		fmt.Fprintf(w, "and %s more\n", spell.Count(more, "VPC"))
	case shown == 0:
		fmt.Fprintf(w, "each of %s links each of %s\n", spell.Count(len(m.VPCs), "VPC"), spell.Count(len(m.Regions), "region"))
	}
}

// writeMarkdown writes the matrix as a table, if it is not too large for one.
func (m *Matrix) writeMarkdown(b *strings.Builder) {
	if len(m.Regions) > maxMatrixRegions || len(m.VPCs) > maxMatrixVPCs {
		return
	}
	regions := make([]string, len(m.Regions))
	for i, region := range m.Regions {
		regions[i] = Markup(region)
	}
	fmt.Fprintf(b, "| addresses | %s |\n|---|%s\n", strings.Join(regions, " | "), strings.Repeat("---|", len(regions)))
	for _, row := range m.VPCs {
		fmt.Fprintf(b, "| %s | %s |\n", Markup(row.VPC), strings.Join(row.cells(), " | "))
	}
	b.WriteByte('\n')
}
