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
	"strings"

	"github.com/tidwall/gjson"
)

// File is a file of prompts. Any goroutine may read it.
type File struct {
	path  string
	file  *os.File
	at    []int64  // where each record begins, and the end
	names []string // of a CSV's columns; nil: JSON, a record each line
}

// What a JSON record must have one of. `conversations` is ShareGPT's.
var members = []string{"messages", "prompt", "conversations", "text"}

const (
	longest  = 64 << 20 // no record is longer
	readSize = 1 << 20
)

// Open looks a file through. The error names the line that is wrong.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, errors.New("no such file can be read")
	}
	f := &File{path: path, file: file}
	if strings.HasSuffix(strings.ToLower(path), ".csv") {
		err = f.indexCSV()
	} else {
		err = f.indexLines()
	}
	if err == nil && len(f.at) < 2 {
		err = errors.New("it holds no prompt")
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
			if what := wrong(record); what != "" {
				return fmt.Errorf("line %d: %s", number, what)
			}
			f.at = append(f.at, at)
		}
		at += size
	}
}

// wrong says why a record is none; "" when it is one.
func wrong(record []byte) string {
	if record[0] == '"' && gjson.ValidBytes(record) {
		return ""
	}
	if record[0] == '[' {
		return "a list: one record a line is wanted (JSONL); jq -c '.[]' makes lines of a list"
	}
	if record[0] != '{' || !gjson.ValidBytes(record) {
		return "it is not JSON: an object like {\"prompt\": \"...\"} or {\"messages\": [...]} is wanted on each line"
	}
	for _, member := range members {
		value := gjson.GetBytes(record, member)
		if !value.Exists() {
			continue
		}
		switch member {
		case "prompt", "text":
			if value.Type != gjson.String || strings.TrimSpace(value.Str) == "" {
				return member + " must be a text that is not empty"
			}
		default:
			return wrongMessages(member, value)
		}
		return ""
	}
	return "it has none of " + strings.Join(members, ", ")
}

func wrongMessages(member string, list gjson.Result) (what string) {
	what = member + " must be a list that is not empty"
	if !list.IsArray() {
		return what
	}
	names := [2]string{"role", "content"}
	if member == "conversations" {
		names = [2]string{"from", "value"}
	}
	list.ForEach(func(_, message gjson.Result) bool {
		what = ""
		role, content := message.Get(names[0]), message.Get(names[1])
		if role.Type != gjson.String || !content.Exists() {
			what = member + " holds something that is no message: each needs a role and a content"
		}
		return what == ""
	})
	return what
}

// indexCSV notes where each record begins: a field in quotes may have lines of its own.
func (f *File) indexCSV() error {
	r := csv.NewReader(bufio.NewReaderSize(f.file, readSize))
	r.ReuseRecord, r.FieldsPerRecord = true, 0
	head, err := r.Read()
	if err != nil {
		return errors.New("its first line must name the columns")
	}
	for _, name := range head {
		f.names = append(f.names, strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))))
	}
	if f.column() < 0 {
		return fmt.Errorf("line 1: no column is called prompt; the columns are %s", strings.Join(f.names, ", "))
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
		if strings.TrimSpace(record[f.column()]) == "" {
			line, _ := r.FieldPos(f.column())
			return fmt.Errorf("line %d: the prompt is empty", line)
		}
		f.at = append(f.at, at)
	}
}

// column is that of the prompts, -1 where there is none.
func (f *File) column() int {
	for _, wanted := range []string{"prompt", "text", "content", "question"} {
		for i, name := range f.names {
			if name == wanted {
				return i
			}
		}
	}
	return -1
}

// At is one record as JSON: as the line has it, or of a CSV {"prompt": ...}.
func (f *File) At(i int) (string, error) {
	record := make([]byte, f.at[i+1]-f.at[i])
	if _, err := f.file.ReadAt(record, f.at[i]); err != nil {
		return "", fmt.Errorf("the prompts in %s cannot be read any more: %w", f.path, err)
	}
	if f.names == nil {
		if i == 0 {
			record = bytes.TrimPrefix(record, []byte("\xef\xbb\xbf"))
		}
		return strings.TrimSpace(string(record)), nil
	}
	r := csv.NewReader(bytes.NewReader(record))
	fields, err := r.Read()
	if err != nil || len(fields) <= f.column() {
		return "", fmt.Errorf("the prompts in %s were changed during the run", f.path)
	}
	text, err := json.Marshal(map[string]string{"prompt": fields[f.column()]})
	return string(text), err
}
