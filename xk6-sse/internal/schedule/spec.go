package schedule

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Spec is a schedule as configure() gets it.
type Spec struct {
	// Arrivals names the process.
	Arrivals string    `json:"arrivals"`
	Seed     float64   `json:"seed"`
	Burst    float64   `json:"burst"`
	Segments []Segment `json:"segments"`
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
	}
	return nil
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
