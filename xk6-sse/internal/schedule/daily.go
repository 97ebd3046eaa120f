package schedule

import (
	"errors"
	"math"
	"math/rand/v2"
)

// daily arrivals are Poisson at a rate that follows a curve over the whole schedule: a day in the time of the load. The
// curve goes straight from weight to weight, and from the last to the first.
type daily struct {
	open
	weights  []float64 // 1 on average
	total    float64   // arrivals of the schedule
	position float64
	source   rand.PCG // held by value, so that a copy can go on alone
}

func newDaily(s *Spec) (Process, error) {
	if len(s.Day) < 2 {
		return nil, errors.New("daily arrivals need two weights at least")
	}
	sum := 0.0
	for _, w := range s.Day {
		if !(w >= 0) || math.IsInf(w, 0) {
			return nil, errors.New("a weight of daily arrivals is below 0 or no number")
		}
		sum += w
	}
	if sum == 0 {
		return nil, errors.New("all weights of daily arrivals are 0")
	}
	d := &daily{source: *rand.NewPCG(s.seed(), 0x510e527fade682d1), weights: make([]float64, len(s.Day))}
	for i, w := range s.Day {
		d.weights[i] = w * float64(len(s.Day)) / sum
	}
	for _, segment := range s.Segments {
		d.total += segment.arrivals()
	}
	return d, s.noBursts("daily")
}

func (d *daily) First() float64 { return d.Gap() }

// Gap goes on until the curve has used a unit exponential draw up, one piece after the other.
func (d *daily) Gap() float64 {
	if d.total == 0 {
		return math.Inf(1)
	}
	want := rand.New(&d.source).ExpFloat64() // no secret
	width := d.total / float64(len(d.weights))
	from := d.position
	for {
		piece := math.Floor(d.position/width + 1e-12)
		i := int(piece) % len(d.weights)
		end := (piece + 1) * width
		slope := (d.weights[(i+1)%len(d.weights)] - d.weights[i]) / width
		here := d.weights[i] + slope*(d.position-piece*width)
		length := end - d.position
		if has := length * (here + slope*length/2); has < want {
			want -= has
			d.position = end
			continue
		}
		// The root of here*x + slope/2*x^2 = want, as in Segment.when.
		d.position += math.Min(length, 2*want/(here+math.Sqrt(math.Max(0, here*here+2*slope*want))))
		return d.position - from
	}
}

// Clone is Process's.
func (d *daily) Clone() Process {
	copied := *d
	return &copied
}
