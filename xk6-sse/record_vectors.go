package sse

import (
	"strconv"

	"github.com/grafana/sobek"
)

// vectorsValue is what was seen of the vectors, null where they were not looked at.
func (r *Record) vectorsValue(rt *sobek.Runtime) sobek.Value {
	v := r.vectors
	if v == nil {
		return sobek.Null()
	}
	return rt.ToValue(map[string]any{
		"count": v.Count, "length": v.Length, "uneven": v.Uneven, "notFinite": v.NotFinite, "outOfOrder": v.OutOfOrder,
		"hash": strconv.FormatUint(v.Hash, 36),
	})
}
