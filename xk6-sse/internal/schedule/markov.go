package schedule

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// markov arrivals are Poisson at one of two rates: of the calm, or of a burst. How long each lasts is exponential, so the
// process is a Markov-modulated Poisson process of two states (Fischer and Meier-Hellstern, The Markov-modulated Poisson
// process cookbook, Performance Evaluation 18, 1993).
type markov struct {
	open
	rate   [2]float64 // of the calm and of a burst, as a multiple of the mean
	length [2]float64 // mean length of each, in mean distances between arrivals
	burst  int        // 1 in a burst
	left   float64    // of this state
	source rand.PCG   // held by value, so that a copy can go on alone
}

// MarkovSpec says what bursts are like.
type MarkovSpec struct {
	Factor  float64 `json:"factor"`  // the rate in a burst, as a multiple of the mean rate
	Seconds float64 `json:"seconds"` // mean length of a burst, at the schedule's mean rate
	Share   float64 `json:"share"`   // of the time that bursts take up
}

func newMarkov(s *Spec) (Process, error) {
	m := s.Markov
	if m == nil || !(m.Factor > 1) || !(m.Seconds > 0) || !(m.Share > 0 && m.Factor*m.Share < 1) {
		return nil, fmt.Errorf("schedule.markov is %+v; a factor above 1, seconds above 0 and a share are wanted, "+
			"of which factor times share is below 1", m)
	}
	p := &markov{source: *rand.NewPCG(s.seed(), 0xa54ff53a5f1d36f1)}
	p.rate = [2]float64{(1 - m.Factor*m.Share) / (1 - m.Share), m.Factor}
	burst := m.Seconds * s.meanRate()
	p.length = [2]float64{burst * (1 - m.Share) / m.Share, burst}
	if !(burst > 0) { // a schedule without a rate has no arrivals, and no state would ever end
		p.length = [2]float64{math.Inf(1), math.Inf(1)}
	}
	r := rand.New(&p.source)
	if r.Float64() < m.Share {
		p.burst = 1
	}
	p.left = r.ExpFloat64() * p.length[p.burst]
	return p, s.noBursts("markov")
}

func (p *markov) First() float64 { return p.Gap() }

// Gap uses a unit exponential draw up: a state at rate r uses r of it in each distance.
func (p *markov) Gap() (gap float64) {
	r := rand.New(&p.source) // no secret
	for want := r.ExpFloat64(); ; {
		if needs := want / p.rate[p.burst]; needs <= p.left {
			p.left -= needs
			return gap + needs
		}
		want -= p.left * p.rate[p.burst]
		gap += p.left
		p.burst = 1 - p.burst
		p.left = r.ExpFloat64() * p.length[p.burst]
	}
}

// Clone is Process's.
func (p *markov) Clone() Process {
	copied := *p
	return &copied
}
