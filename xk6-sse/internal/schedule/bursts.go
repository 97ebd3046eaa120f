package schedule

import "math"

// bursts are constant arrivals in groups of `size`, each group at the instant at which its first arrival is due.
type bursts struct {
	constant
	size float64
}

// Place is that of the group's first arrival.
func (b bursts) Place(x, rounding float64) float64 { return math.Floor((x+rounding)/b.size) * b.size }

// Clone is Process's.
func (b bursts) Clone() Process { return b }
