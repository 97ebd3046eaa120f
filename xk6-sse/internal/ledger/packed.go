package ledger

import (
	"encoding/binary"
	"math"

	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

/*
 * A slot of the timeline that has passed is kept in few bytes: in a long run the timeline is all that grows. A histogram
 * becomes a row of varints, one for each bucket that holds something; most hold a single value, which takes one byte
 * with the distance to the bucket before.
 */

// packed is a histogram without bounds, in bytes.
type packed []byte

func pack(h *Histogram) packed {
	if h.count == 0 {
		return nil
	}
	p := binary.AppendUvarint(make([]byte, 0, 64), h.count)
	p = binary.AppendUvarint(p, h.zero)
	for _, v := range []float64{h.sum, h.min, h.max} {
		p = binary.LittleEndian.AppendUint64(p, math.Float64bits(v))
	}
	last := 0
	for i, n := range h.buckets.counts {
		if n == 0 {
			continue
		}
		bucket := h.buckets.first + i
		step := zigzag(bucket-last) << 1
		last = bucket
		if n == 1 {
			p = binary.AppendUvarint(p, step)
			continue
		}
		p = binary.AppendUvarint(p, step|1)
		p = binary.AppendUvarint(p, uint64(n))
	}
	return append(make(packed, 0, len(p)), p...) // without what append left to spare
}

func (p packed) unpack() *Histogram {
	h := &Histogram{}
	if len(p) == 0 {
		return h
	}
	next := func() uint64 {
		v, size := binary.Uvarint(p)
		p = p[size:]
		return v
	}
	h.count, h.zero = next(), next()
	for _, to := range []*float64{&h.sum, &h.min, &h.max} {
		*to = math.Float64frombits(binary.LittleEndian.Uint64(p))
		p = p[8:]
	}
	for last := 0; len(p) > 0; {
		step := next()
		last += unzigzag(step >> 1)
		n := uint64(1)
		if step&1 != 0 {
			n = next()
		}
		h.buckets.reach(last, last, spareBuckets)
		h.buckets.counts[last-h.buckets.first] = uint32(n) // it was one
	}
	return h
}

// zigzag makes a number that may be negative (the first bucket's) one that is not.
func zigzag(v int) uint64   { return uint64(v<<1) ^ uint64(v>>63) } // bits
func unzigzag(v uint64) int { return int(v>>1) ^ -int(v&1) }        // bits

// packedSlot is what a slot holds beside its numbers, when it has passed.
type packedSlot struct {
	series   []packed
	outcomes []outcomeCount
}

type outcomeCount struct {
	outcome outcome.Outcome
	count   int64
}

// pack gives up the slot's histograms and its map for their bytes.
func (s *slot) pack() {
	if s.series == nil {
		return
	}
	p := &packedSlot{series: make([]packed, len(s.series))}
	for i, h := range s.series {
		p.series[i] = pack(h)
	}
	for o, n := range s.outcomes {
		p.outcomes = append(p.outcomes, outcomeCount{o, n})
	}
	s.series, s.outcomes, s.packed = nil, nil, p
}

// unpack is pack's opposite.
func (s *slot) unpack() {
	s.series = make([]*Histogram, len(s.packed.series))
	for i, p := range s.packed.series {
		s.series[i] = p.unpack()
	}
	s.outcomes = map[outcome.Outcome]int64{}
	for _, each := range s.packed.outcomes {
		s.outcomes[each.outcome] = each.count
	}
	s.packed = nil
}
