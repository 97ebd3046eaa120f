package schedule

import "fmt"

// constant arrivals lie equally far apart.
type constant struct{ open }

func newConstant(s *Spec) (Process, error) {
	switch {
	case s.Burst < 0:
		return nil, fmt.Errorf("schedule.burst is %v; it must not be below 0", s.Burst)
	case s.Burst > 1:
		return bursts{size: s.Burst}, nil
	}
	return constant{}, nil
}

func (constant) First() float64   { return 0 }
func (constant) Gap() float64     { return 1 }
func (c constant) Clone() Process { return c }
