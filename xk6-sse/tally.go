package sse

import "github.com/grafana/sobek"

// Tally is tally(): values for the histograms alone. What is worked out after the load has no time of its own, so as k6
// samples thousands of values would fall on one moment.
func (v *VU) Tally(call sobek.FunctionCall) sobek.Value {
	if v.vu.State() == nil {
		v.fail("tally() cannot be used in the init context")
	}
	v.enter()
	tags := v.tagSet(call.Argument(0))
	values, unknown := v.values(call.Argument(1))
	v.shard.mu.Lock()
	row := v.shard.row(tags)
	for _, b := range values {
		row.add(b.metric, b.value)
	}
	v.shard.mu.Unlock()
	if unknown != "" {
		v.fail("tally(): no metric " + unknown + " was configured")
	}
	return sobek.Undefined()
}
