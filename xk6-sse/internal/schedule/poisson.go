package schedule

import "math/rand/v2"

// poisson arrivals come independently of one another: the distances between them are exponential.
type poisson struct {
	open
	source rand.PCG // held by value, so that a copy can go on alone
}

func newPoisson(s *Spec) (Process, error) {
	return &poisson{source: *rand.NewPCG(s.seed(), 0x9e3779b97f4a7c15)}, s.noBursts("poisson")
}

func (p *poisson) First() float64 { return p.Gap() }
func (p *poisson) Gap() float64   { return rand.New(&p.source).ExpFloat64() } // no secret

// Clone is Process's.
func (p *poisson) Clone() Process {
	copied := *p
	return &copied
}
