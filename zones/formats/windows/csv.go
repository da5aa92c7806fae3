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

// readCSV reads what Export-Csv and ConvertTo-Csv write. What has line feeds in it is no
// record that leads anywhere, and left out.
func (l *listing) readCSV(r io.Reader) error {
	var columns []string
	var delimiter rune
	return lines.Each(r, l.in.Name, func(line string, at holdings.Place) error {
		if strings.TrimSpace(line) == "" || columns == nil && strings.HasPrefix(line, "#") {
			return nil
		}
		if columns == nil {
			delimiter = delimiterOf(line)
			for _, name := range split(line, delimiter) {
				columns = append(columns, fieldOf(name))
			}
			return nil
		}
		row := split(line, delimiter)
		if len(row) != len(columns) {
			l.b.Note(at, "the line is not read: it has not the %d cells of the header", len(columns))
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
