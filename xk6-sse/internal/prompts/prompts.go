// Package prompts reads files of prompts, which may be larger than the memory: a file is looked through once, for where
// each record begins, and a record is read when it is asked for. All VUs share one file and its index.
package prompts

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// File is a file of prompts. Any goroutine may read it.
type File struct {
	path string
	file *os.File
	want Want
	at   []int64        // where each record begins, and the end
	csv  map[string]int // our name of a CSV's column, and its place; nil: JSON, a record each line
}

// Want says what a file holds.
type Want struct {
	// Texts to be embedded, and no prompts.
	Texts bool
	// Our names of what records hold, and the file's own. What is not in it has our name.
	Columns map[string]string
}

// What a JSON record must have one of. `conversations` is ShareGPT's.
func (w Want) members() []string {
	if w.Texts {
		return []string{"text", "prompt", "input"}
	}
	return []string{"messages", "prompt", "conversations", "text"}
}

// Names are all that a record may hold and that is of use: what COLUMNS may name.
var Names = [9]string{"messages", "prompt", "conversations", "text", "input", "system", "image", "file", "max_tokens"}

// what is what a record is called in sentences.
func (w Want) what() string {
	if w.Texts {
		return "text"
	}
	return "prompt"
}

const (
	longest  = 64 << 20 // no record is longer
	readSize = 1 << 20
)

// Open looks a file through. The error names the line that is wrong.
func Open(path string, want Want) (*File, error) {
	for ours := range want.Columns {
		if !slices.Contains(Names[:], ours) {
			return nil, fmt.Errorf("COLUMNS names %s, which no record has; %s can be named", ours, strings.Join(Names[:], ", "))
		}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, errors.New("no such file can be read")
	}
	f := &File{path: path, file: file, want: want}
	begin := make([]byte, 2)
	if _, err := file.ReadAt(begin, 0); err == nil && (bytes.Equal(begin, []byte("\xff\xfe")) || bytes.Equal(begin, []byte("\xfe\xff"))) {
		_ = file.Close()
		return nil, errors.New("it is in UTF-16, and UTF-8 is wanted: iconv -f UTF-16 -t UTF-8 makes it so")
	}
	if strings.HasSuffix(strings.ToLower(path), ".csv") {
		err = f.indexCSV()
	} else {
		err = f.indexLines()
	}
	if err == nil && len(f.at) < 2 {
		err = errors.New("it holds no " + want.what())
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return f, nil
}

// Count is how many records there are.
func (f *File) Count() int { return len(f.at) - 1 }

// indexLines notes where each line with a record begins. Empty lines are left out: a record then ends where the next
// begins, and blanks around it do not matter.
func (f *File) indexLines() error {
	r := bufio.NewReaderSize(f.file, readSize)
	var at int64
	var line []byte
	for number := 1; ; number++ {
		line = line[:0]
		for {
			part, err := r.ReadSlice('\n')
			line = append(line, part...)
			if errors.Is(err, bufio.ErrBufferFull) && len(line) <= longest {
				continue
			}
			if len(line) > longest {
				return fmt.Errorf("line %d is longer than %d MiB", number, longest>>20)
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("line %d cannot be read: %w", number, err)
			}
			break
		}
		if len(line) == 0 {
			f.at = append(f.at, at)
			return nil
		}
		size := int64(len(line))
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		if record := bytes.TrimSpace(line); len(record) > 0 {
			if what := f.want.wrong(record); what != "" {
				return fmt.Errorf("line %d: %s", number, what)
			}
			f.at = append(f.at, at)
		}
		at += size
	}
}

// wrong says why a record is none; "" when it is one.
func (w Want) wrong(record []byte) string {
	if record[0] == '"' && gjson.ValidBytes(record) {
		if strings.TrimSpace(gjson.ParseBytes(record).Str) == "" {
			return "the " + w.what() + " is empty"
		}
		return ""
	}
	if record[0] == '[' {
		return "it is a list, but one record on each line is wanted (JSONL): jq -c '.[]' makes such lines of a list"
	}
	if record[0] != '{' || !gjson.ValidBytes(record) {
		return "it is not JSON: an object like {\"" + w.what() + "\": \"...\"} is wanted on each line"
	}
	held := w.held(record)
	for _, name := range []string{"image", "file"} {
		if what := wrongData(name, held[slices.Index(Names[:], name)]); what != "" {
			return what
		}
	}
	if what := wrongBound(held[slices.Index(Names[:], "max_tokens")].String()); what != "" {
		return what
	}
	for _, member := range w.members() {
		value := held[slices.Index(Names[:], member)]
		if !value.Exists() {
			continue
		}
		switch member {
		case "messages", "conversations":
			return wrongMessages(member, value)
		default:
			if value.Type != gjson.String || strings.TrimSpace(value.Str) == "" {
				return w.theirs(member) + " must be a text that is not empty"
			}
		}
		return ""
	}
	if len(w.Columns) > 0 {
		return "it has none of the members that COLUMNS names, and none of " + strings.Join(w.members(), ", ")
	}
	return "it has none of " + strings.Join(w.members(), ", ") + "; COLUMNS says what they are called otherwise"
}

// held reads what a record holds, in the order of Names, and what COLUMNS names from there. In one walk: a file is gone
// through with it, and looking for one member after the other would read each record as often.
func (w Want) held(record []byte) (held [len(Names)]gjson.Result) {
	var theirs [len(Names)]string
	for i, ours := range Names {
		if theirs[i] = w.theirs(ours); strings.ContainsAny(theirs[i], pathSigns) {
			held[i] = gjson.GetBytes(record, theirs[i])
			theirs[i] = ""
		}
	}
	gjson.ParseBytes(record).ForEach(func(name, value gjson.Result) bool {
		for i := range theirs {
			if name.Str == theirs[i] && name.Str != "" {
				held[i] = value // the last of a name, as JSON.parse has it
			}
		}
		return true
	})
	return held
}

// pathSigns make a name the path of a member within others, as in meta.picture.
const pathSigns = ".|#@*?!{}[]()\\"

func (w Want) theirs(ours string) string {
	if name, named := w.Columns[ours]; named {
		return name
	}
	return ours
}

// renamed is a record by our names: what COLUMNS names is taken from there, and the rest as it is.
func (w Want) renamed(record []byte) []byte {
	if len(w.Columns) == 0 || record[0] != '{' {
		return record
	}
	made := []byte{'{'}
	for i, value := range w.held(record) {
		if !value.Exists() {
			continue
		}
		if len(made) > 1 {
			made = append(made, ',')
		}
		made = append(append(append(made, '"'), Names[i]...), '"', ':')
		made = append(made, value.Raw...)
	}
	return append(made, '}')
}

// At is one record as JSON: as the line has it, or of a CSV {"prompt": ...}.
func (f *File) At(i int) (string, error) {
	record := make([]byte, f.at[i+1]-f.at[i])
	if _, err := f.file.ReadAt(record, f.at[i]); err != nil {
		return "", fmt.Errorf("the prompts in %s cannot be read any more: %w", f.path, err)
	}
	if f.csv == nil {
		if i == 0 {
			record = bytes.TrimPrefix(record, []byte("\xef\xbb\xbf"))
		}
		return string(f.want.renamed(bytes.TrimSpace(record))), nil
	}
	r := csv.NewReader(bytes.NewReader(record))
	fields, err := r.Read()
	made := map[string]string{}
	for name, at := range f.csv {
		if err != nil || at >= len(fields) {
			return "", fmt.Errorf("the %ss in %s were changed during the run", f.want.what(), f.path)
		}
		if fields[at] != "" {
			made[name] = fields[at]
		}
	}
	text, err := json.Marshal(made)
	return string(text), err
}
