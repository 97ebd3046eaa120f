package aggregates

import (
	"strings"

	"go.k6.io/k6/v2/metrics"
)

// groups are the tags by which the dashboards tell requests apart: a percentile of several sets of tags cannot be made
// of theirs, so each second has a row for each value of these. The last tag names a group where an earlier one follows
// from it: a size belongs to one kind. dashboards/aggregates.ts has the same list, which a test holds.
var groups = []struct {
	name string
	tags []string
}{
	{"all", nil},
	{"phase", []string{"phase"}},
	{"kind", []string{"kind"}},
	{"size", []string{"kind", "size"}},
	{"family", []string{"family"}},
	{"model", []string{"family", "model"}},
	{"agency", []string{"agency"}},
	{"model,size", []string{"kind", "size", "family", "model"}},
	{"model,phase", []string{"family", "model", "phase"}},
}

// always are the tags that every row has.
var always = []string{"run_id", "script"}

// set is a sample's tags, with the row of each group that its values belong to.
type set struct {
	tags map[string]string
	rows []*row
}

// row is one line of a group: the tags that its points carry.
type row struct {
	tags map[string]string
}

// setOf finds the rows of a set of tags: k6 makes one object for each.
func (s *seconds) setOf(tags *metrics.TagSet) *set {
	if known := s.sets[tags]; known != nil {
		return known
	}
	found := &set{tags: tags.Map()}
	for _, group := range groups {
		of := map[string]string{"by": group.name}
		key := []string{group.name}
		for _, names := range [][]string{always, group.tags} {
			for _, name := range names {
				key = append(key, found.tags[name])
				if value := found.tags[name]; value != "" {
					of[name] = value
				}
			}
		}
		joined := strings.Join(key, "\x00")
		if s.rows[joined] == nil {
			s.rows[joined] = &row{of}
		}
		found.rows = append(found.rows, s.rows[joined])
	}
	s.sets[tags] = found
	return found
}
