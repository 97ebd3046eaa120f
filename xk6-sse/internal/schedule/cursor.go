package schedule

import "go.k6.io/k6/v2/lib"

// cursor stands before the next arrival. It knows the process and the segments, and nothing of phases.
type cursor struct {
	process      Process
	segments     []Segment
	segment      int                 // that the next arrival lies in
	segmentStart int64               // ns since the schedule's start
	segmentBase  float64             // cumulative arrivals at its start
	position     float64             // the next arrival's place on the cumulative scale
	index        int64               // how many this instance has taken
	striped      *lib.SegmentedIndex // this instance's share of the arrivals; nil: all
	global       int64               // number of the next arrival among all instances
	mine         int64               // number of the next that is ours
	numbers      *lib.SegmentedIndex // this instance's share of the numbers
	label        int64               // the next of them
}

// stripe leaves only one execution segment's arrivals.
func (c *cursor) stripe(et *lib.ExecutionTuple) {
	c.striped = lib.NewSegmentedIndex(et)
	_, unscaled := c.striped.Next()
	c.mine = unscaled - 1
	c.numbers = lib.NewSegmentedIndex(et)
	_, unscaled = c.numbers.Next()
	c.label = unscaled - 1
}

// clone is a copy that runs ahead alone.
func (c *cursor) clone() *cursor {
	copied := *c
	copied.process = c.process.Clone()
	if c.striped != nil {
		striped := *c.striped
		numbers := *c.numbers
		copied.striped, copied.numbers = &striped, &numbers
	}
	return &copied
}

// peek finds the next arrival of this instance without taking it; false at the schedule's end, and for a closed
// process, whose arrivals have no times.
func (c *cursor) peek() (segment int, due int64, ok bool) {
	const rounding = 1e-9 // a sum of rates may miss a whole number by so much
	if c.process.Closed() {
		return 0, 0, false
	}
	for c.segment < len(c.segments) {
		seg := c.segments[c.segment]
		x := c.position - c.segmentBase
		if x >= seg.arrivals()-rounding {
			c.segmentBase += seg.arrivals()
			c.segmentStart += seconds(seg.Seconds)
			c.segment++
			continue
		}
		if c.striped != nil && c.global < c.mine {
			c.advance()
			continue
		}
		return c.segment, c.segmentStart + seconds(seg.when(c.process.Place(x, rounding))), true
	}
	return 0, 0, false
}

// advance moves past one arrival of the whole schedule.
func (c *cursor) advance() {
	c.position += c.process.Gap()
	c.global++
}

// number is that of the next arrival: among those of all instances, so that each has its own draws. Of an arrival with
// a time of its own, it holds after peek.
func (c *cursor) number() int64 {
	if c.striped != nil {
		return c.label
	}
	return c.index
}

// take moves past the arrival that peek found.
func (c *cursor) take() {
	c.advance()
	if c.striped != nil {
		_, unscaled := c.striped.Next()
		c.mine = unscaled - 1
	}
	c.count()
}

// count takes a number.
func (c *cursor) count() {
	c.index++
	if c.numbers != nil {
		_, unscaled := c.numbers.Next()
		c.label = unscaled - 1
	}
}

// jump goes on with the segment, which begins at t now.
func (c *cursor) jump(segment int, t int64) {
	c.segment, c.segmentStart = segment, t
	c.segmentBase = c.position - c.process.First()
}
