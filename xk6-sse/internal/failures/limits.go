package failures

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// Limit is a header that tells of a limit: of how many failed requests, and its first and last value.
type Limit struct {
	Header string `json:"header"`
	Count  int64  `json:"count"`
	First  string `json:"first"`
	Last   string `json:"last"`
}

// HoldView tells of answers that named a time to wait for (Retry-After, or retry-after-ms).
type HoldView struct {
	Count int64 `json:"count"`
	// The shortest and the longest wait, seconds; -1 where none could be read.
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
	// When the first and the last of these answers came, ms since the schedule's start.
	First float64 `json:"first"`
	Last  float64 `json:"last"`
	// How long, of that time, the target wanted to be left alone, ms: what the waits cover together.
	Held float64 `json:"held"`
}

// limits is what headers told. A few names at most are kept.
type limits struct {
	seen  map[string]*Limit
	holds HoldView
	until float64 // when the wait that reaches furthest is over, ms since the schedule's start
}

const (
	headersKept = 24
	valueLimit  = 120 // bytes
)

// heard books the headers of a failed request and returns its ids.
func (l *limits) heard(f *Failure) (ids []ID) {
	if f.Headers == nil {
		return nil
	}
	wait := -1.0
	f.Headers(func(name, value string) bool {
		name = strings.ToLower(name)
		switch {
		case namesRequest(name):
			if len(ids) < 3 && value != "" && len(value) <= valueLimit {
				ids = append(ids, ID{name, strings.Clone(value)})
			}
		case tellsLimit(name):
			l.count(name, value)
			if seconds := waitOf(name, value); seconds >= 0 {
				wait = max(wait, seconds)
			}
		}
		return true
	})
	if wait >= 0 {
		l.hold(clock.Ms(f.At), wait)
	}
	return ids
}

func (l *limits) count(name, value string) {
	value = strings.Clone(value[:min(len(value), valueLimit)])
	known := l.seen[name]
	if known == nil {
		if len(l.seen) >= headersKept {
			return
		}
		if l.seen == nil {
			l.seen = map[string]*Limit{}
		}
		known = &Limit{Header: strings.Clone(name), First: value}
		l.seen[known.Header] = known
	}
	known.Count++
	known.Last = value
}

func (l *limits) hold(at, seconds float64) {
	h := &l.holds
	if h.Count == 0 {
		h.Least, h.Most, h.First = seconds, seconds, at
	}
	h.Count++
	h.Least, h.Most, h.First, h.Last = min(h.Least, seconds), max(h.Most, seconds), min(h.First, at), max(h.Last, at)
	if until := at + 1000*seconds; until > l.until {
		h.Held += until - max(at, l.until)
		l.until = until
	}
}

func (l *limits) told() ([]Limit, *HoldView) {
	all := []Limit{}
	for _, name := range slices.Sorted(maps.Keys(l.seen)) {
		all = append(all, *l.seen[name])
	}
	slices.SortStableFunc(all, func(a, b Limit) int { return cmp.Compare(b.Count, a.Count) })
	if l.holds.Count == 0 {
		return all, nil
	}
	holds := l.holds
	return all, &holds
}

// namesRequest tells of a header (in lower case) whether it names the request, by which its owner finds it in a log.
func namesRequest(name string) bool {
	switch name {
	case "cf-ray", "traceparent", "x-cloud-trace-context", "x-amz-cf-id", "x-vercel-id":
		return true
	}
	for _, part := range []string{
		"request-id", "requestid", "correlation-id", "correlationid", "trace-id", "traceid", "call-id",
	} {
		if strings.HasSuffix(name, part) {
			return true
		}
	}
	return false
}

// tellsLimit tells of a header (in lower case) whether it tells of a limit of requests.
func tellsLimit(name string) bool {
	return strings.HasPrefix(name, "retry-after") || strings.Contains(name, "ratelimit") ||
		strings.Contains(name, "rate-limit") || strings.HasSuffix(name, "-retry-after-ms")
}

// waitOf is how long to wait by a header, seconds; -1 where it does not say. Retry-After has seconds or a date (RFC 9110,
// 10.2.3); retry-after-ms is OpenAI's and Azure's.
func waitOf(name, value string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	const longest = 7 * 24 * 3600
	switch {
	case strings.HasSuffix(name, "retry-after-ms"):
		n /= 1000
	case name != "retry-after":
		return -1
	case err != nil:
		date, wrong := http.ParseTime(strings.TrimSpace(value))
		if wrong != nil {
			return -1
		}
		n, err = max(0, time.Until(date).Seconds()), nil
	}
	if err != nil || !(n >= 0 && n <= longest) {
		return -1
	}
	return n
}
