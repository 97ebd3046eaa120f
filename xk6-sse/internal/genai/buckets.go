package genai

import "math"

// preferred are ISO 3's numbers R20: each is about 12 % above the one before, and the limits that people set (100, 200,
// 250, 400, 500, 800, 1000, 2000) are among them, so that a share below such a limit is exact.
var preferred = []float64{1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.24, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9}

// boundaries are the preferred numbers from `from` to `to`, each times `scale`.
func boundaries(from, to, scale float64) []float64 {
	var all []float64
	for decade := math.Pow10(int(math.Floor(math.Log10(from)))); decade <= to; decade *= 10 {
		for _, n := range preferred {
			if bound := n * decade; bound >= from && bound <= to {
				all = append(all, round(bound*scale))
			}
		}
	}
	return all
}

// round takes away what binary fractions add: 0.30000000000000004.
func round(v float64) float64 {
	digits := math.Pow10(12 - int(math.Ceil(math.Log10(v))))
	return math.Round(v*digits) / digits
}

var (
	// milliseconds: 0.1 ms to 10 min.
	milliseconds = boundaries(0.1, 600e3, 1)
	seconds      = boundaries(0.1, 600e3, 1e-3)
	// tokens, and all else that is counted.
	counts = boundaries(1, 1e6, 1)
)
