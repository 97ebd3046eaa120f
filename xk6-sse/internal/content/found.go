package content

import (
	"bytes"
	"math/bits"

	"github.com/tidwall/gjson"
)

// Found is what a pass over one text found. It is used again for the next, and holds no more than the last one's places.
type Found struct {
	paths    *Paths
	data     []byte
	hits     [lists]uint64 // bit i: path i of the list is there
	at       []span        // of the paths in the tree, by their number; valid where the bit is set
	escaped  bool          // a \u stands in a string
	elements int           // of the array that is counted, -1: there is none
}

// span is where a value stands.
type span struct{ from, to int }

// Scan looks for all paths in data, in one pass that also tells whether data is JSON. What it found holds until the next
// one, and points into data.
func (f *Found) Scan(p *Paths, data []byte) Shape {
	f.paths, f.data, f.escaped, f.elements = p, data, false, -1
	f.hits = [lists]uint64{}
	if len(f.at) < p.placed {
		f.at = make([]span, p.placed)
	}
	s := scanner{data: data, found: f}
	return s.document(&p.root)
}

// Forget lets go of the text.
func (f *Found) Forget() { f.data = nil }

// reached notes the value of a node. Of several the first counts, as with gjson.
func (f *Found) reached(n *node, from, to int) {
	for _, l := range n.leaves {
		if f.hits[l.list]&l.bit == 0 {
			f.hits[l.list] |= l.bit
			f.at[l.placed] = span{from, to}
		}
	}
}

// Each calls `take` with the matches of a list that count until it returns false: null, "" and empty arrays and objects
// do not count. Strings in a match point into the data where they have no escapes: copy what is kept.
func (f *Found) Each(list List, take func(gjson.Result) bool) {
	if f.paths.special[list] {
		f.eachOfAll(list, take)
		return
	}
	paths := f.paths.lists[list]
	for hits := f.hits[list]; hits != 0; hits &= hits - 1 {
		p := &paths[bits.TrailingZeros64(hits)]
		if !f.holds(p) {
			continue
		}
		if r := f.placed(p); counts(r) && !take(r) {
			return
		}
	}
}

func (f *Found) eachOfAll(list List, take func(gjson.Result) bool) {
	for i := range f.paths.lists[list] {
		var r gjson.Result
		p := &f.paths.lists[list][i]
		switch {
		case p.placed < 0 && (p.key == nil || f.escaped || bytes.Contains(f.data, p.key)):
			r = gjson.Get(Text(f.data), p.text)
		case p.placed >= 0 && f.hits[list]&(1<<i) != 0 && f.holds(p):
			r = f.placed(p)
		default:
			continue
		}
		if counts(r) && !take(r) {
			return
		}
	}
}

// holds tells whether the condition of a path is met.
func (f *Found) holds(p *path) bool {
	if p.condition < 0 {
		return true
	}
	return f.hits[conditions]&(1<<p.condition) != 0 &&
		f.placed(&f.paths.lists[conditions][p.condition]).Str == p.value
}

func (f *Found) placed(p *path) gjson.Result {
	at := f.at[p.placed]
	return gjson.Parse(Text(f.data[at.from:at.to]))
}

// Elements is how many elements the array has that was to be counted, -1 where it is none.
func (f *Found) Elements(path string) float64 {
	if path == f.paths.count {
		return float64(f.elements)
	}
	if n := gjson.GetBytes(f.data, path); n.Type == gjson.Number {
		return n.Num
	}
	return -1
}

func counts(r gjson.Result) bool {
	switch r.Type {
	case gjson.Null:
		return false
	case gjson.String:
		return r.Str != ""
	case gjson.JSON:
		some := false
		r.ForEach(func(_, _ gjson.Result) bool { some = true; return false })
		return some
	default:
		return true
	}
}
