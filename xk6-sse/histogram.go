package sse

import (
	"math"
	"strconv"
)

// The mapping is DDSketch's (Masson, Rim, Lee: "DDSketch", VLDB 2019): bucket i holds (gamma^(i-1), gamma^i], and the
// value 2*gamma^i/(gamma+1) that stands for it is at most the share e off from anything inside.
const (
	relativeError = 0.0025
	gamma         = (1 + relativeError) / (1 - relativeError)
	tiny          = 1e-6 // at or below it a value counts as zero
)

var perLogGamma = 1 / math.Log(gamma)

func bucketOf(v float64) int { return int(math.Ceil(math.Log(v) * perLogGamma)) }

func valueOf(bucket int) float64 { return 2 * math.Pow(gamma, float64(bucket)) / (gamma + 1) }

// histogram counts values in a window of buckets that grows with what it sees. The zero value is ready; it has no lock.
type histogram struct {
	count, zero   uint64
	sum, min, max float64
	first         int // bucket number of counts[0]
	counts        []uint32
	bounds        []float64
	below         []uint64 // values strictly below bounds[i], counted exactly
}

// add counts one finite value.
func (h *histogram) add(v float64) {
	h.tally(v)
	for i, bound := range h.bounds {
		if v < bound {
			h.below[i]++
		}
	}
	if v <= tiny {
		h.zero++
		return
	}
	b := bucketOf(v)
	h.grow(b, b)
	h.counts[b-h.first]++
}

// tally counts without a bucket: all that rates and counters need.
func (h *histogram) tally(v float64) {
	if h.count == 0 || v < h.min {
		h.min = v
	}
	if h.count == 0 || v > h.max {
		h.max = v
	}
	h.count++
	h.sum += v
}

// grow makes room for the buckets lo..hi, with some to spare so that growing is rare.
func (h *histogram) grow(lo, hi int) {
	const spare = 32
	switch {
	case h.counts == nil:
		h.first, h.counts = lo-spare, make([]uint32, hi-lo+1+2*spare)
	case lo < h.first:
		shift := h.first - lo + spare
		h.counts = append(make([]uint32, shift, shift+len(h.counts)), h.counts...)
		h.first -= shift
	}
	if need := hi - h.first + 1; need > len(h.counts) {
		h.counts = append(h.counts, make([]uint32, need-len(h.counts)+spare)...)
	}
}

// merge adds o's counts to h.
func (h *histogram) merge(o *histogram) {
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
	if len(o.counts) > 0 {
		h.grow(o.first, o.first+len(o.counts)-1)
		for i, n := range o.counts {
			h.counts[o.first+i-h.first] += n
		}
	}
	if h.below == nil {
		h.bounds, h.below = o.bounds, make([]uint64, len(o.below))
	}
	for i, n := range o.below {
		h.below[i] += n
	}
}

// quantile is the value at rank ceil(q * count), within the relative error; NaN without values.
func (h *histogram) quantile(q float64) float64 {
	if h.count == 0 {
		return math.NaN()
	}
	rank := uint64(math.Max(1, math.Ceil(q*float64(h.count))))
	if rank <= h.zero {
		return math.Max(0, h.min)
	}
	seen := h.zero
	for i, n := range h.counts {
		if seen += uint64(n); seen >= rank {
			return math.Min(math.Max(valueOf(h.first+i), h.min), h.max)
		}
	}
	return h.max
}

// histogramView is a histogram as sse.d.ts describes it.
type histogramView struct {
	Gamma   float64           `json:"gamma"`
	Count   uint64            `json:"count"`
	Sum     float64           `json:"sum"`
	Min     float64           `json:"min"`
	Max     float64           `json:"max"`
	Zero    uint64            `json:"zero"`
	Buckets []int64           `json:"buckets"`
	Below   map[string]uint64 `json:"below"`
}

func (h *histogram) view() histogramView {
	v := histogramView{
		Gamma: gamma, Count: h.count, Sum: h.sum, Min: h.min, Max: h.max, Zero: h.zero,
		Buckets: []int64{}, Below: make(map[string]uint64, len(h.bounds)),
	}
	for i, n := range h.counts {
		if n > 0 {
			v.Buckets = append(v.Buckets, int64(h.first+i), int64(n))
		}
	}
	for i, bound := range h.bounds {
		v.Below[strconv.FormatFloat(bound, 'f', -1, 64)] = h.below[i]
	}
	return v
}
