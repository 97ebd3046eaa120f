package tracefile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// The columns of the layouts, in small letters. The unit is that of the first column in seconds; 0: it is a date.
type layout struct {
	at, input, output, session string
	unit                       float64
}

var layouts = []layout{
	{"time", "input_tokens", "output_tokens", "session", 1},                         // our own
	{"timestamp", "contexttokens", "generatedtokens", "", 0},                        // Azure, 2023 and 2024
	{"timestamp", "request tokens", "response tokens", "session id", 1},             // BurstGPT
	{"timestamp", "input_length", "output_length", "hash_ids.0", 1e-3},              // Mooncake
	{"timestamp", "input_tokens", "output_tokens", "session", 1},                    // our own
	{"timestamp_ms", "input_tokens", "output_tokens", "session", 1e-3},              // our own
	{"arrived_at", "num_prefill_tokens", "num_decode_tokens", "conversation_id", 1}, // Vidur
}

const knownLayouts = "time,input_tokens,output_tokens,session (seconds), or the columns of the traces of Azure, Mooncake or BurstGPT"

const longestLine = 16 << 20 // Mooncake's lists of hashes are long

// read reads all lines. A trace of JSON has an object each line, one of CSV a head.
func read(path string) ([]Entry, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, errors.New("no such file can be read")
	}
	defer func() { _ = file.Close() }()
	r := bufio.NewReaderSize(file, 1<<20)
	if bom, _ := r.Peek(3); string(bom) == "\ufeff" {
		_, _ = r.Discard(3)
	}
	if begin, _ := r.Peek(2); string(begin) == "\xff\xfe" || string(begin) == "\xfe\xff" {
		return nil, errors.New("it is in UTF-16, and UTF-8 is wanted: iconv -f UTF-16 -t UTF-8 makes it so")
	}
	first := firstLine(r)
	begin, _ := r.Peek(1)
	var entries []Entry
	if string(begin) == "{" {
		entries, err = readJSON(r, first)
	} else {
		entries, err = readCSV(r, first)
	}
	if err == nil && len(entries) == 0 {
		err = errors.New("it holds no request")
	}
	return entries, err
}

// firstLine skips what is blank before the first record, and is the number of the line that this one stands in.
func firstLine(r *bufio.Reader) int {
	for number := 1; ; {
		c, err := r.ReadByte()
		switch {
		case err != nil:
			return number
		case c == '\n':
			number++
		case c != ' ' && c != '\t' && c != '\r':
			_ = r.UnreadByte()
			return number
		}
	}
}

func readCSV(r io.Reader, first int) (entries []Entry, err error) {
	lines := csv.NewReader(r)
	lines.ReuseRecord, lines.FieldsPerRecord = true, -1
	head, err := lines.Read()
	if err != nil {
		return nil, fmt.Errorf("line 1 is no head of a CSV: %w", err)
	}
	places := map[string]int{}
	for i, name := range head {
		places[strings.ToLower(strings.TrimSpace(name))] = i
	}
	l, ok := layoutOf(func(name string) bool { _, has := places[name]; return has })
	if !ok {
		return nil, fmt.Errorf("line 1 names no columns that are known: %s are wanted", knownLayouts)
	}
	for {
		record, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) { // it may have no field whose place could be asked for
			return nil, fmt.Errorf("line %d is no CSV: %w", wrong.Line+first-1, wrong.Err)
		}
		if err != nil {
			return nil, fmt.Errorf("it cannot be read: %w", err)
		}
		line, _ := lines.FieldPos(0)
		line += first - 1
		e, err := l.entry(func(name string) string {
			if i, has := places[name]; has && i < len(record) {
				return strings.TrimSpace(record[i])
			}
			return ""
		})
		if err != nil {
			return nil, fmt.Errorf("line %d is wrong: %w", line, err)
		}
		entries = append(entries, e)
	}
}

func readJSON(r io.Reader, first int) (entries []Entry, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	var l layout
	line := first
	for ; lines.Scan(); line++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" {
			continue
		}
		if !gjson.Valid(text) || text[0] != '{' {
			return nil, fmt.Errorf("line %d is no JSON object", line)
		}
		record := gjson.Parse(text)
		if l.at == "" {
			var ok bool
			if l, ok = layoutOf(func(name string) bool { return record.Get(name).Exists() }); !ok {
				return nil, fmt.Errorf("line %d has no fields that are known: %s are wanted", line, knownLayouts)
			}
		}
		e, err := l.entry(func(name string) string {
			if name == "" {
				return ""
			}
			return record.Get(name).String()
		})
		if err != nil {
			return nil, fmt.Errorf("line %d is wrong: %w", line, err)
		}
		entries = append(entries, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d cannot be read: %w", line, err)
	}
	return entries, nil
}

// layoutOf is the first layout whose time and tokens are there.
func layoutOf(has func(name string) bool) (layout, bool) {
	for _, l := range layouts {
		if has(l.at) && has(l.input) && has(l.output) {
			return l, true
		}
	}
	return layout{}, false
}

// mostTokens is more than any model takes.
const mostTokens = 100_000_000

func (l layout) entry(value func(name string) string) (e Entry, err error) {
	if e.At, err = l.time(value(l.at)); err != nil {
		return e, err
	}
	for _, each := range []struct {
		name string
		to   *int32
	}{{l.input, &e.Input}, {l.output, &e.Output}} {
		text := value(each.name)
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || n < 0 || n > mostTokens || n != math.Trunc(n) {
			return e, fmt.Errorf("%s is %q; a whole number of tokens is wanted", each.name, cut(text))
		}
		*each.to = int32(n)
	}
	if l.session != "" {
		e.Session = sessionOf(value(l.session))
	}
	return e, nil
}

// dates are how Azure writes times, with and without a zone.
var dates = []string{"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", time.RFC3339Nano}

func (l layout) time(text string) (float64, error) {
	if l.unit > 0 {
		at, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsInf(at, 0) || math.IsNaN(at) {
			return 0, fmt.Errorf("%s is %q; a number is wanted", l.at, cut(text))
		}
		return at * l.unit, nil
	}
	for _, date := range dates {
		if at, err := time.Parse(date, text); err == nil {
			return float64(at.Unix()) + float64(at.Nanosecond())/1e9, nil
		}
	}
	return 0, fmt.Errorf("%s is %q; a time like 2023-11-16 18:15:46.6805900 is wanted", l.at, cut(text))
}

func cut(text string) string { return fmt.Sprintf("%.40s", text) }
