package schedule

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/gsai-perf/xk6-sse/internal/tracefile"
)

// Spec is a schedule as configure() gets it.
type Spec struct {
	// Arrivals names the process.
	Arrivals string  `json:"arrivals"`
	Seed     float64 `json:"seed"`
	Burst    float64 `json:"burst"`
	// Shape is that of gamma arrivals; 0: 1.
	Shape float64 `json:"shape"`
	// Markov is of markov arrivals, Day the weights of daily ones, Trace what openTrace() has read.
	Markov   *MarkovSpec      `json:"markov"`
	Day      []float64        `json:"day"`
	Trace    *tracefile.Trace `json:"-"`
	Segments []Segment        `json:"segments"`
	// InFlight names the phases that hold a number of requests in flight instead of a rate, with that number.
	InFlight map[string]int `json:"inFlight"`
}

// Segment is a piece of the schedule: the rate goes straight from `From` to `To` per second within `Seconds`.
type Segment struct {
	Phase    string
	From, To float64
	Seconds  float64
}

// arrivals is how many the segment holds: the integral of its rate.
func (s Segment) arrivals() float64 { return (s.From + s.To) / 2 * s.Seconds }

// when is the inverse of that integral: the second at which the cumulative rate has reached x. It is the root of
// from*t + (to-from)/(2*seconds)*t^2 = x, written so that it also holds for a flat rate and for one that starts at 0.
func (s Segment) when(x float64) float64 {
	if x <= 0 {
		return 0
	}
	root := math.Sqrt(math.Max(0, s.From*s.From+2*x*(s.To-s.From)/s.Seconds))
	return math.Min(s.Seconds, 2*x/(s.From+root))
}

func (s *Spec) check() error {
	if len(s.Segments) == 0 {
		return errors.New("the schedule has no segments")
	}
	for _, g := range s.Segments {
		if !(g.Seconds >= 0) || !(g.From >= 0) || !(g.To >= 0) { // written so that NaN fails too
			return fmt.Errorf("a segment of phase %s has a negative or missing number: %+v", g.Phase, g)
		}
		if s.InFlight[g.Phase] != 0 && (g.From != 0 || g.To != 0) {
			return fmt.Errorf("phase %s holds %d requests in flight, so it has no rate: %+v", g.Phase, s.InFlight[g.Phase], g)
		}
	}
	for name, n := range s.InFlight {
		if n < 1 || !slices.ContainsFunc(s.Segments, func(g Segment) bool { return g.Phase == name }) {
			return fmt.Errorf("schedule.inFlight has %d for the phase %s; a phase that there is, and a number above 0, is wanted",
				n, name)
		}
	}
	if len(s.InFlight) > 0 && s.Arrivals == "closed" {
		return errors.New("schedule.inFlight is of phases beside those of a rate; with closed arrivals every user sends at once")
	}
	return nil
}

// meanRate is that of the whole schedule, per second.
func (s *Spec) meanRate() float64 {
	count, length := 0.0, 0.0
	for _, g := range s.Segments {
		count, length = count+g.arrivals(), length+g.Seconds
	}
	return count / length
}

// process makes the process that the spec names.
func (s *Spec) process() (Process, error) {
	newProcess := processes[s.Arrivals]
	if newProcess == nil {
		return nil, fmt.Errorf("schedule.arrivals is %q; allowed are %s", s.Arrivals,
			strings.Join(slices.Sorted(maps.Keys(processes)), ", "))
	}
	return newProcess(s)
}
