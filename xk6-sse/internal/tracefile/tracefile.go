// Package tracefile reads traces: when requests came to a real service, and how long their prompts and answers were. It
// knows the layouts of the public traces of Azure's LLM inference, Mooncake and BurstGPT, and one of its own.
package tracefile

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
)

// Entry is one request of a trace.
type Entry struct {
	At      float64 // seconds since the trace's first request
	Input   int32   // tokens of the prompt, 0: not told
	Output  int32   // tokens of the answer, 0: not told
	Session uint32  // a number of the session, or of the prompt's beginning, where the trace tells one; 0: none
}

// Trace is a trace as it is to be sent: scaled and cut.
type Trace struct {
	Entries []Entry
	Seconds float64 // how long it lasts: to its end, or to where it is cut
}

// Scale is what is made of a trace.
type Scale struct {
	Time    float64 `json:"time"`    // of its length: 0.1 replays an hour in six minutes
	Rate    float64 `json:"rate"`    // of its requests: below 1 some are left out, above 1 some are sent more than once
	PerSec  float64 `json:"perSec"`  // in place of Rate: the mean rate that is wanted; 0: none
	Seconds float64 `json:"seconds"` // where it is cut, after Time; 0: nowhere
	Seed    float64 `json:"seed"`
}

// Open reads a trace and scales it. The error names the line that is wrong.
func Open(path string, scale Scale) (*Trace, error) {
	entries, err := read(path)
	if err != nil {
		return nil, err
	}
	t := &Trace{Entries: entries}
	slices.SortStableFunc(entries, func(a, b Entry) int { // some traces are a little out of order
		switch {
		case a.At < b.At:
			return -1
		case a.At > b.At:
			return 1
		}
		return 0
	})
	first := entries[0].At
	for i := range entries {
		entries[i].At = (entries[i].At - first) * scale.Time
	}
	t.Seconds = length(entries)
	if scale.Seconds > 0 && scale.Seconds < t.Seconds {
		t.Seconds = scale.Seconds
		end := slices.IndexFunc(entries, func(e Entry) bool { return e.At >= scale.Seconds })
		if end >= 0 {
			t.Entries = entries[:end]
		}
	}
	rate := scale.Rate
	if scale.PerSec > 0 {
		rate = scale.PerSec * t.Seconds / float64(len(t.Entries))
	}
	if rate != 1 {
		t.Entries = repeated(t.Entries, rate, t.Seconds, scale.Seed)
	}
	if len(t.Entries) == 0 {
		return nil, fmt.Errorf("at this scale none of its %d requests is left", len(entries))
	}
	return t, nil
}

// length is how long a trace lasts: to its last request, and as long again as requests lie apart on average.
func length(entries []Entry) float64 {
	last := entries[len(entries)-1].At
	if last == 0 {
		return 1
	}
	return last + last/float64(max(1, len(entries)-1))
}

// repeated leaves requests out by chance, or sends them again between themselves and the next one.
func repeated(entries []Entry, rate, end, seed float64) (all []Entry) {
	draws := rand.New(rand.NewPCG(uint64(int64(seed)), 0x3c6ef372fe94f82b)) // no secret
	for i, e := range entries {
		times := int(rate)
		if draws.Float64() < rate-math.Floor(rate) {
			times++
		}
		next := end
		if i+1 < len(entries) {
			next = entries[i+1].At
		}
		for k := range times {
			again := e
			again.At += (next - e.At) * float64(k) / float64(times)
			all = append(all, again)
		}
	}
	return all
}

// peakWindow is over how long the highest rate is taken, seconds: some traces have times of whole seconds.
const peakWindow = 5

// Peak is the highest rate of any five seconds, per second.
func (t *Trace) Peak() float64 {
	most, from := 0, 0
	for to, e := range t.Entries {
		for t.Entries[from].At < e.At-peakWindow {
			from++
		}
		most = max(most, to-from+1)
	}
	return float64(most) / math.Min(peakWindow, math.Max(t.Seconds, 1e-3))
}

// sessionOf is the number of a session's name.
func sessionOf(name string) uint32 {
	if name == "" {
		return 0
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return max(1, h.Sum32())
}
