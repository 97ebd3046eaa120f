package prompts

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// indexCSV notes where each record begins: a field in quotes may have lines of its own.
func (f *File) indexCSV() error {
	r := csv.NewReader(bufio.NewReaderSize(f.file, readSize))
	r.ReuseRecord, r.FieldsPerRecord = true, 0
	head, err := r.Read()
	if err != nil {
		return errors.New("its first line must name the columns")
	}
	names := make([]string, len(head))
	f.csv = map[string]int{}
	for i, name := range head {
		names[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
	}
	for _, ours := range Names {
		theirs, named := f.want.Columns[ours]
		if at := slices.Index(names, strings.ToLower(f.want.theirs(ours))); at >= 0 && ours != "messages" && ours != "conversations" {
			f.csv[ours] = at
		} else if named {
			return fmt.Errorf("line 1: no column is called %s, as COLUMNS has it; the columns are %s", theirs, strings.Join(names, ", "))
		}
	}
	if f.column(names) < 0 {
		return fmt.Errorf("line 1: no column is called %s; the columns are %s; COLUMNS says which one it is", f.want.what(), strings.Join(names, ", "))
	}
	for {
		at := r.InputOffset()
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			f.at = append(f.at, r.InputOffset())
			return nil
		}
		if err != nil {
			return errors.New(strings.TrimPrefix(err.Error(), "parse error on "))
		}
		if what := f.wrongRow(record); what != "" {
			line, _ := r.FieldPos(0)
			return fmt.Errorf("line %d: %s", line, what)
		}
		f.at = append(f.at, at)
	}
}

// column is that of the prompts, -1 where there is none. It becomes the record's `prompt`.
func (f *File) column(names []string) int {
	if at, known := f.csv["prompt"]; known {
		return at
	}
	for _, wanted := range []string{"text", "input", "content", "question"} {
		if at := slices.Index(names, wanted); at >= 0 {
			f.csv["prompt"] = at
			return at
		}
	}
	return -1
}

func (f *File) wrongRow(record []string) string {
	if strings.TrimSpace(record[f.csv["prompt"]]) == "" {
		return "the " + f.want.what() + " is empty"
	}
	if at, has := f.csv["max_tokens"]; has {
		if what := wrongBound(record[at]); what != "" {
			return what
		}
	}
	for _, name := range []string{"image", "file"} {
		if at, has := f.csv[name]; has && record[at] != "" {
			if what := wrongData(name, gjson.Result{Type: gjson.String, Str: record[at]}); what != "" {
				return what
			}
		}
	}
	return ""
}
