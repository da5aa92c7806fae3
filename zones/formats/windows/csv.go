package windows

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// cells returns the cells of a line of CSV, whatever its delimiter: Export-Csv takes the
// comma, or with -UseCulture what lists have in the country.
func cells(line string) []string {
	line = strings.TrimSpace(line)
	for _, delimiter := range []rune{',', ';', '\t'} {
		if all := split(line, delimiter); len(all) > 1 {
			return all
		}
	}
	return nil
}

// split returns the cells of a line; nil where it is none.
func split(line string, delimiter rune) []string {
	reader := csv.NewReader(strings.NewReader(line))
	reader.Comma, reader.FieldsPerRecord = delimiter, -1
	all, err := reader.Read()
	if err != nil {
		return nil
	}
	return all
}

// delimiterOf returns the delimiter of a header.
func delimiterOf(header string) rune {
	for _, delimiter := range []rune{',', ';', '\t'} {
		if len(split(header, delimiter)) > 1 {
			return delimiter
		}
	}
	return ','
}

// isHeader reports whether a line has what the columns of a listing are called.
func isHeader(line string) bool { return records(named(cells(line))) }

// typeLine begins the line that Windows PowerShell writes before a header.
const typeLine = "#TYPE "

// readCSV reads what Export-Csv and ConvertTo-Csv write, also several times, each with
// a header of its own. What has line feeds in it is no record that leads anywhere, and left
// out.
func (l *listing) readCSV(r io.Reader) error {
	var columns []string
	var delimiter rune
	return lines.Each(r, l.in.Name, func(line string, at holdings.Place) error {
		switch {
		case strings.TrimSpace(line) == "" || columns == nil && strings.HasPrefix(line, "#"):
			return nil
		case strings.HasPrefix(line, typeLine):
			columns = nil
			return nil
		case columns == nil || isHeader(line):
			columns, delimiter = nil, delimiterOf(line)
			for _, name := range split(line, delimiter) {
				columns = append(columns, fieldOf(name))
			}
			return nil
		}
		row := split(line, delimiter)
		if len(row) != len(columns) {
			l.b.Unread(at, "the line is not read: it has not the %d cells of the header", len(columns))
			return nil
		}
		f := make(fields, len(columns))
		for i, name := range columns {
			if f[name] == "" {
				f[name] = row[i]
			}
		}
		return l.add(f, at)
	})
}
