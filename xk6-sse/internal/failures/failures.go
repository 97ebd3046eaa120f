// Package failures keeps what the target said when requests failed: a few different texts of each outcome, with how
// often and to whom, and what its headers told of limits.
package failures

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// What is kept at most, so that memory stays bounded whatever the target says.
const (
	textLimit    = 300 // bytes of a text
	textsKnown   = 64  // different texts that are counted, of each outcome
	textsTold    = 8   // of them, told in a snapshot: the most frequent
	groupsOfText = 12  // tag sets that are counted of a text
	idsOfText    = 6   // request ids of a text
)

// Failure is one request that failed.
type Failure struct {
	Outcome outcome.Outcome
	Status  int
	Text    string // one line, without secrets
	At      int64  // when it ended, ns since the schedule's start
	Tags    map[string]string
	Headers func(yield func(name, value string) bool) // without secrets; nil: no answer came
}

// ID is a header that names a request.
type ID struct {
	Header string `json:"header"`
	Value  string `json:"value"`
}

// Group is how many failures of a text had these tags.
type Group struct {
	Tags  map[string]string `json:"tags"`
	Count int64             `json:"count"`
}

// Sample is sse.d.ts's FailureSample.
type Sample struct {
	Outcome outcome.Outcome `json:"outcome"`
	Status  int             `json:"status"`
	Text    string          `json:"text"`
	Form    string          `json:"form"`
	Count   int64           `json:"count"`
	First   float64         `json:"first"`
	Last    float64         `json:"last"`
	IDs     []ID            `json:"ids"`
	Groups  []Group         `json:"groups"`
}

// View is sse.d.ts's Failures.
type View struct {
	Samples  []Sample  `json:"samples"`
	Unlisted int64     `json:"unlisted"`
	Limits   []Limit   `json:"limits"`
	Holds    *HoldView `json:"holds,omitempty"`
}

// Log is what was said. The zero value is ready.
type Log struct {
	mu       sync.Mutex
	texts    map[outcome.Outcome]map[string]*Sample // by normal form
	unlisted int64                                  // failures whose text was one too many to be counted
	limits
}

// Add books a failure.
func (l *Log) Add(f Failure) {
	text := strings.Clone(f.Text[:min(len(f.Text), textLimit)])
	text = strings.ToValidUTF8(text, "")
	if len(f.Text) > textLimit {
		text += "..."
	}
	form := strconv.Itoa(f.Status) + " " + formOf(text)
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := l.heard(&f)
	if l.texts == nil {
		l.texts = map[outcome.Outcome]map[string]*Sample{}
	}
	known := l.texts[f.Outcome]
	if known == nil {
		known = map[string]*Sample{}
		l.texts[f.Outcome] = known
	}
	s := known[form]
	if s == nil {
		if len(known) >= textsKnown {
			l.unlisted++
			return
		}
		s = &Sample{
			Outcome: f.Outcome, Status: f.Status, Text: text, Form: form, First: clock.Ms(f.At), IDs: []ID{},
			Groups: []Group{},
		}
		known[form] = s
	}
	s.Count++
	s.First, s.Last = min(s.First, clock.Ms(f.At)), max(s.Last, clock.Ms(f.At))
	s.remember(ids)
	s.group(f.Tags)
}

// remember keeps the ids of the first requests, and in the last places those of the last one.
func (s *Sample) remember(ids []ID) {
	if len(ids) == 0 {
		return
	}
	if room := idsOfText - len(s.IDs); room >= len(ids) {
		s.IDs = append(s.IDs, ids...)
		return
	}
	copy(s.IDs[max(0, len(s.IDs)-len(ids)):], ids)
}

// grouped are the tags by which failures are told apart.
var grouped = []string{"kind", "model", "agency"}

func (s *Sample) group(tags map[string]string) {
	for i := range s.Groups {
		g := &s.Groups[i]
		if !slices.ContainsFunc(grouped, func(name string) bool { return g.Tags[name] != tags[name] }) {
			g.Count++
			return
		}
	}
	if len(s.Groups) >= groupsOfText {
		return
	}
	own := map[string]string{}
	for _, name := range grouped {
		if value := tags[name]; value != "" {
			own[name] = value
		}
	}
	s.Groups = append(s.Groups, Group{own, 1})
}

// Words with digits in them differ from request to request (ids, times, counts, hexadecimal numbers), as do long ones.
var (
	digits = regexp.MustCompile(`[\pL\pN_.:%+-]*\pN[\pL\pN_.:%+-]*`)
	long   = regexp.MustCompile(`[A-Za-z0-9+/_=-]{24,}`)
)

// formOf is a text without what differs between requests that say the same.
func formOf(text string) string {
	return long.ReplaceAllString(digits.ReplaceAllString(strings.ToLower(text), "#"), "#")
}

// View is what snapshot() tells: of each outcome the most frequent texts, and how many requests failed with others.
func (l *Log) View() View {
	l.mu.Lock()
	defer l.mu.Unlock()
	view := View{Samples: []Sample{}, Unlisted: l.unlisted}
	for _, o := range slices.Sorted(maps.Keys(l.texts)) {
		all := slices.SortedFunc(maps.Values(l.texts[o]), func(a, b *Sample) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.First, b.First), cmp.Compare(a.Form, b.Form))
		})
		for i, s := range all {
			if i >= textsTold {
				view.Unlisted += s.Count
				continue
			}
			told := *s
			told.IDs, told.Groups = slices.Clone(s.IDs), slices.Clone(s.Groups)
			view.Samples = append(view.Samples, told)
		}
	}
	view.Limits, view.Holds = l.told()
	return view
}
