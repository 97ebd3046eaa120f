package sse

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/credentials"
	"github.com/gsai-perf/xk6-sse/internal/failures"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/route"
	"github.com/gsai-perf/xk6-sse/internal/schedule"
	"github.com/gsai-perf/xk6-sse/internal/tracefile"
)

func declarations(t *testing.T) string {
	text, err := os.ReadFile("sse.d.ts")
	require.NoError(t, err)
	return string(text)
}

// declared lists the members of an interface in sse.d.ts.
func declared(t *testing.T, name string) []string {
	body := regexp.MustCompile(`(?s)export interface ` + name + ` \{(.*?)\n  \}`).FindStringSubmatch(declarations(t))
	require.NotNil(t, body, name)
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^    (\w+)\??[:(]`).FindAllStringSubmatch(body[1], -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestExportsAreThoseOfTheDeclaration(t *testing.T) {
	var want []string
	for _, m := range regexp.MustCompile(`(?m)^  export function (\w+)`).FindAllStringSubmatch(declarations(t), -1) {
		want = append(want, m[1])
	}
	slices.Sort(want)
	u := newVU(t, New(), "")
	assert.Equal(t, slices.Compact(want), slices.Sorted(maps.Keys(u.v.Exports().Named)))
}

func TestRecordHasTheDeclaredMembers(t *testing.T) {
	assert.Equal(t, declared(t, "StreamRecord"), slices.Sorted(slices.Values(recordKeys)))
	u := newVU(t, New(), oneSecond)
	u.run(`const r = get('` + server(t, saying(sseHead+good)) + `', {})`)
	for _, key := range recordKeys {
		assert.False(t, u.run(`r.`+key+` === undefined`).ToBoolean(), key)
	}
	assert.True(t, u.run(`Array.isArray(r.offsets) && r.offsets === r.offsets`).ToBoolean())
}

func TestViewsHaveTheDeclaredMembers(t *testing.T) {
	for name, view := range map[string]any{
		"Histogram": ledger.HistogramView{}, "Row": ledger.RowView{}, "OutcomeRow": ledger.OutcomeView{},
		"Batches": ledger.BatchesView{}, "PhaseRow": phaseView{}, "Slot": ledger.SlotView{}, "Config": config{},
		"Instrument": instrumentView{}, "Snapshot": snapshotView{}, "MetricDef": ledger.Metric{},
		"ScheduleDef": schedule.Spec{}, "Trace": ledger.TraceView{}, "Bounds": boundsDef{}, "Told": ledger.RemarkView{},
		"Credentials": credentials.Spec{}, "RouteDef": route.Spec{}, "TraceScale": tracefile.Scale{}, "TokensView": credentials.View{},
		"Failures": failures.View{}, "FailureSample": failures.Sample{}, "LimitHeader": failures.Limit{},
		"Holds": failures.HoldView{},
	} {
		var tags []string
		for _, field := range reflect.VisibleFields(reflect.TypeOf(view)) {
			if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag != "" && tag != "-" {
				tags = append(tags, tag)
			}
		}
		slices.Sort(tags)
		assert.Equal(t, declared(t, name), tags, name)
	}
}

func TestArrivalAndEnvironmentHaveTheDeclaredMembers(t *testing.T) {
	u := newVU(t, New(), oneArrival)
	var arrival, environment map[string]json.RawMessage
	u.run(recording("1"))
	u.eval(&arrival, `seen[0]`)
	assert.Equal(t, declared(t, "Arrival"), slices.Sorted(maps.Keys(arrival)))
	u.eval(&environment, `sse.environment()`)
	line := regexp.MustCompile(`(?s)environment\(\): \{(.*?)\}`).FindStringSubmatch(declarations(t))
	var want []string
	for _, m := range regexp.MustCompile(`(\w+):`).FindAllStringSubmatch(line[1], -1) {
		want = append(want, m[1])
	}
	slices.Sort(want)
	assert.Equal(t, want, slices.Sorted(maps.Keys(environment)))
}

func TestOutcomesAreThoseOfTheDeclaration(t *testing.T) {
	union := regexp.MustCompile(`(?s)export type Outcome =(.*?);`).FindStringSubmatch(declarations(t))
	require.NotNil(t, union)
	var want []outcome.Outcome
	for _, m := range regexp.MustCompile(`'(\w+)'`).FindAllStringSubmatch(union[1], -1) {
		want = append(want, outcome.Outcome(m[1]))
	}
	assert.Equal(t, want, outcome.All)
}

func TestArrivalProcessesAreThoseOfTheDeclaration(t *testing.T) {
	line := regexp.MustCompile(`arrivals: ('.*');`).FindStringSubmatch(declarations(t))
	require.NotNil(t, line)
	for _, m := range regexp.MustCompile(`'(\w+)'`).FindAllStringSubmatch(line[1], -1) {
		_, err := schedule.New(schedule.Spec{
			Arrivals: m[1], Segments: []schedule.Segment{{Seconds: 1}}, Day: []float64{1, 2},
			Markov: &schedule.MarkovSpec{Factor: 2, Seconds: 1, Share: 0.1},
			Trace:  &tracefile.Trace{Entries: make([]tracefile.Entry, 1), Seconds: 1},
		})
		assert.NoError(t, err)
	}
}
