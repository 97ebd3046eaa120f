package schedule

import "fmt"

// Process is how arrivals follow one another. It works on the cumulative scale of the schedule, on which the mean rate
// is 1: how far apart arrivals lie there. The segments' rates turn places on that scale into times, so a process knows
// nothing of rates, ramps and phases. A process need not be safe for several goroutines.
type Process interface {
	// Closed tells that arrivals have no times of their own, and whoever is free sends at once. Then nothing else of
	// the process is asked for.
	Closed() bool
	// First is how far the first arrival lies from the schedule's start, or from where a jump goes on.
	First() float64
	// Gap is how far the next arrival lies from this one; 1 on average.
	Gap() float64
	// Place is where in its segment an arrival comes that lies x from the segment's beginning; x itself, unless
	// arrivals come in groups. x may lie below its true value by `rounding`.
	Place(x, rounding float64) float64
	// Clone is a copy in the same state, which goes on alone.
	Clone() Process
}

// processes makes each process by the name that scripts give it. To add one: a file beside this one, and a line here.
var processes = map[string]func(*Spec) (Process, error){
	"constant": newConstant,
	"poisson":  newPoisson,
	"gamma":    newGamma,
	"markov":   newMarkov,
	"daily":    newDaily,
	"trace":    newTrace,
	"closed":   newClosed,
}

// open is what open processes have in common whose arrivals come one by one.
type open struct{}

func (open) Closed() bool               { return false }
func (open) Place(x, _ float64) float64 { return x }
func (s *Spec) seed() uint64            { return uint64(int64(s.Seed)) }
func (s *Spec) noBursts(kind string) error {
	if s.Burst != 0 {
		return fmt.Errorf("schedule.burst is %v with %s arrivals; bursts are of constant arrivals", s.Burst, kind)
	}
	return nil
}
