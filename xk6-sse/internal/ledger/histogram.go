package ledger

import (
	"math"
	"strconv"
)

// The mapping is DDSketch's (Masson, Rim, Lee: "DDSketch", VLDB 2019): bucket i holds (gamma^(i-1), gamma^i], and the
// value 2*gamma^i/(gamma+1) that stands for it is at most the share e off from anything inside.
const (
	// relativeError is the bucket error: how far a quantile may lie off. Half the error makes twice the buckets.
	relativeError = 0.0025
	gamma         = (1 + relativeError) / (1 - relativeError)
	tiny          = 1e-6 // at or below it a value counts as zero
)

var perLogGamma = 1 / math.Log(gamma)

func bucketOf(v float64) int { return int(math.Ceil(math.Log(v) * perLogGamma)) }

func valueOf(bucket int) float64 { return 2 * math.Pow(gamma, float64(bucket)) / (gamma + 1) }

// Histogram counts values in a window of buckets that grows with what it sees. The zero value is ready; it has no lock.
type Histogram struct {
	count, zero   uint64
	sum, min, max float64
	buckets       window
	bounds        []float64
	below         []uint64 // values strictly below bounds[i], counted exactly
}

// Add counts one finite value.
func (h *Histogram) Add(v float64) {
	h.Tally(v)
	for i, bound := range h.bounds {
		if v < bound {
			h.below[i]++
		}
	}
	if v <= tiny {
		h.zero++
		return
	}
	h.buckets.add(bucketOf(v), spareBuckets)
}

// Tally counts without a bucket: all that rates and counters need.
func (h *Histogram) Tally(v float64) {
	if h.count == 0 || v < h.min {
		h.min = v
	}
	if h.count == 0 || v > h.max {
		h.max = v
	}
	h.count++
	h.sum += v
}

// Merge adds o's counts to h.
func (h *Histogram) Merge(o *Histogram) {
	if o.count == 0 {
		return
	}
	if h.count == 0 || o.min < h.min {
		h.min = o.min
	}
	if h.count == 0 || o.max > h.max {
		h.max = o.max
	}
	h.count += o.count
	h.zero += o.zero
	h.sum += o.sum
	h.buckets.merge(&o.buckets, spareBuckets)
	if h.below == nil {
		h.bounds, h.below = o.bounds, make([]uint64, len(o.below))
	}
	for i, n := range o.below {
		h.below[i] += n
	}
}

// Quantile is the value at rank ceil(q * count), within the relative error; NaN without values.
func (h *Histogram) Quantile(q float64) float64 {
	if h.count == 0 {
		return math.NaN()
	}
	rank := uint64(math.Max(1, math.Ceil(q*float64(h.count))))
	if rank <= h.zero {
		return math.Max(0, h.min)
	}
	seen := h.zero
	for i, n := range h.buckets.counts {
		if seen += uint64(n); seen >= rank {
			return math.Min(math.Max(valueOf(h.buckets.first+i), h.min), h.max)
		}
	}
	return h.max
}

// HistogramView is sse.d.ts's Histogram.
type HistogramView struct {
	Gamma   float64           `json:"gamma"`
	Count   uint64            `json:"count"`
	Sum     float64           `json:"sum"`
	Min     float64           `json:"min"`
	Max     float64           `json:"max"`
	Zero    uint64            `json:"zero"`
	Buckets []int64           `json:"buckets"`
	Below   map[string]uint64 `json:"below"`
}

// View is h as sse.d.ts describes it.
func (h *Histogram) View() HistogramView {
	v := HistogramView{
		Gamma: gamma, Count: h.count, Sum: h.sum, Min: h.min, Max: h.max, Zero: h.zero,
		Buckets: []int64{}, Below: make(map[string]uint64, len(h.bounds)),
	}
	v.Buckets = h.buckets.pairs(v.Buckets)
	for i, bound := range h.bounds {
		v.Below[boundKey(bound)] = h.below[i]
	}
	return v
}

// boundKey names a bound in the views.
func boundKey(bound float64) string { return strconv.FormatFloat(bound, 'f', -1, 64) }

// Count is how many values there are.
func (h *Histogram) Count() uint64 { return h.count }

// Sums are what a histogram knows of its values beside their places.
type Sums struct {
	Count         uint64
	Sum, Min, Max float64
}

// Sums is how many values there are, their sum, the least and the greatest.
func (h *Histogram) Sums() Sums { return Sums{h.count, h.sum, h.min, h.max} }
