package schedule

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// gamma arrivals lie Gamma-distributed distances apart, of a shape that says how bursty they are: 1 is Poisson, less is
// burstier (the variation of the distances is 1/sqrt(shape)), more is more even.
type gamma struct {
	open
	shape  float64
	source rand.PCG // held by value, so that a copy can go on alone
}

const leastShape, mostShape = 0.01, 1000

func newGamma(s *Spec) (Process, error) {
	shape := s.Shape
	if shape == 0 {
		shape = 1
	}
	if !(shape >= leastShape && shape <= mostShape) {
		return nil, fmt.Errorf("schedule.shape is %v; from %v to %v is wanted", s.Shape, leastShape, mostShape)
	}
	return &gamma{shape: shape, source: *rand.NewPCG(s.seed(), 0x6a09e667f3bcc909)}, s.noBursts("gamma")
}

func (g *gamma) First() float64 { return g.Gap() }

// Gap draws by Marsaglia and Tsang, A simple method for generating gamma variables, ACM TOMS 26, 2000; below a shape of 1
// from one more, times a power of a uniform draw (their section 6).
func (g *gamma) Gap() float64 {
	r := rand.New(&g.source) // no secret
	shape, boost := g.shape, 1.0
	if shape < 1 {
		boost = math.Pow(1-r.Float64(), 1/shape)
		shape++
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v * boost / g.shape
		}
	}
}

// Clone is Process's.
func (g *gamma) Clone() Process {
	copied := *g
	return &copied
}
