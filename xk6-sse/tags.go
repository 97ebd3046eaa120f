package sse

import (
	"maps"
	"slices"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/metrics"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// tagSet is a set of tags that a script has used before, with all that was ever derived from it: scripts use few sets,
// many times. It belongs to one VU.
type tagSet struct {
	ledger.Tags

	base *metrics.TagSet // the VU's own tags
	k6   *metrics.TagSet // base and tags
	http map[httpTags]*metrics.TagSet

	outcomes map[outcome.Outcome]*tagSet // the set with the tag `outcome` besides
}

// httpTags are the system tags that k6's own metrics carry besides.
type httpTags struct {
	to     *wire.Target
	method string
	status int
	ok     bool
}

// tagSet finds the set for a JavaScript object of tags.
func (v *VU) tagSet(value sobek.Value) *tagSet {
	key := v.key[:0]
	o, _ := value.(*sobek.Object)
	var names []string
	if o != nil {
		names = o.Keys()
		for _, name := range names {
			key = appendTag(key, name, o.Get(name))
		}
	}
	v.key = key
	if t := v.tags[string(key)]; t != nil {
		return t
	}
	tags := make(map[string]string, len(names)+1)
	for _, name := range names {
		if value := o.Get(name); !common.IsNullish(value) {
			tags[name] = value.String()
		}
	}
	t := newTagSet(tags)
	const many = 10_000 // someone has put ids in tags: do not let it eat the memory here as well
	if len(v.tags) >= many {
		clear(v.tags)
	}
	v.tags[string(key)] = t
	return t
}

func newTagSet(tags map[string]string) *tagSet {
	var canonical []byte
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		canonical = append(append(append(append(canonical, name...), 0), tags[name]...), 0)
	}
	return &tagSet{Tags: ledger.Tags{Key: string(canonical), Values: tags}, http: map[httpTags]*metrics.TagSet{}}
}

// of adds the tag `outcome`.
func (t *tagSet) of(o outcome.Outcome) *tagSet {
	if found := t.outcomes[o]; found != nil {
		return found
	}
	tags := maps.Clone(t.Values)
	tags["outcome"] = string(o)
	if t.outcomes == nil {
		t.outcomes = map[outcome.Outcome]*tagSet{}
	}
	t.outcomes[o] = newTagSet(tags)
	return t.outcomes[o]
}

func appendTag(key []byte, name string, value sobek.Value) []byte {
	if common.IsNullish(value) {
		return key
	}
	key = append(append(key, name...), 0)
	return append(append(key, value.String()...), 0)
}

// with joins the set and the tags that k6 gives the VU (scenario, group).
func (t *tagSet) with(base *metrics.TagSet) *metrics.TagSet {
	if t.base != base {
		t.base = base
		t.k6 = base.WithTagsFromMap(t.Values)
		clear(t.http)
	}
	return t.k6
}

// withHTTP adds the system tags of one answer, as far as the test has them on.
func (t *tagSet) withHTTP(base *metrics.TagSet, on *metrics.SystemTagSet, h httpTags) *metrics.TagSet {
	tags := t.with(base)
	if found := t.http[h]; found != nil {
		return found
	}
	all := metrics.TagsAndMeta{Tags: tags}
	if _, named := t.Values["name"]; !named {
		all.SetSystemTagOrMetaIfEnabled(on, metrics.TagName, h.to.Clean)
	}
	all.SetSystemTagOrMetaIfEnabled(on, metrics.TagURL, h.to.Clean)
	all.SetSystemTagOrMetaIfEnabled(on, metrics.TagMethod, h.method)
	all.SetSystemTagOrMetaIfEnabled(on, metrics.TagStatus, itoa(h.status))
	all.SetSystemTagOrMetaIfEnabled(
		on,
		metrics.TagExpectedResponse,
		map[bool]string{true: "true", false: "false"}[h.ok],
	)
	t.http[h] = all.Tags
	return all.Tags
}
