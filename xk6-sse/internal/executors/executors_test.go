package executors

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
)

func init() { Register() }

func read(t *testing.T, raw string) lib.ExecutorConfig {
	t.Helper()
	var all lib.ScenarioConfigs
	require.NoError(t, json.Unmarshal([]byte(`{"load": `+raw+`}`), &all))
	return all["load"]
}

func tuple(t *testing.T, segment string) *lib.ExecutionTuple {
	t.Helper()
	s, err := lib.NewExecutionSegmentFromString(segment)
	require.NoError(t, err)
	et, err := lib.NewExecutionTuple(s, nil)
	require.NoError(t, err)
	return et
}

const staged = `{"executor": "llm-arrival-rate", "users": 40, "preAllocatedVUs": 8, "maxDuration": "3m", "gracefulStop": "0s",
	"stages": [{"phase": "before", "target": 10, "duration": "0s"}, {"phase": "before", "target": 10, "duration": "1m"},
		{"phase": "spike", "target": 50, "duration": "20s"}, {"phase": "spike", "target": 50, "duration": "1m"}]}`

func TestADescriptionNamesPhasesAndRatesAndNotIterations(t *testing.T) {
	assert.Equal(t, "before: 10 requests/s for 1m0s, spike: to 50 requests/s in 20s, 50 requests/s for 1m0s "+
		"(40 users in 8 VUs; ends after 3m0s at the latest)", read(t, staged).GetDescription(tuple(t, "0:1")))
	assert.Equal(t, "before: 2.5 requests/s for 1m0s, spike: to 12.5 requests/s in 20s, 12.5 requests/s for 1m0s "+
		"(10 users in 2 VUs; ends after 3m0s at the latest)", read(t, staged).GetDescription(tuple(t, "0:1/4")), "a segment's share")
	assert.Equal(t, "30 requests every 1m0s for 5m0s (4 users in 4 VUs; ends after 6m0s at the latest)",
		read(t, `{"executor": "llm-arrival-rate", "rate": 30, "timeUnit": "1m", "duration": "5m", "users": 4,
			"preAllocatedVUs": 4, "maxDuration": "6m"}`).GetDescription(tuple(t, "0:1")))
	assert.Equal(t, "hold: 12 in flight for 10s (12 users in 8 VUs; ends after 20s at the latest)",
		read(t, `{"executor": "llm-in-flight", "stages": [{"phase": "hold", "target": 12, "duration": "10s"}], "users": 12,
			"preAllocatedVUs": 8, "maxDuration": "20s"}`).GetDescription(tuple(t, "0:1")))
	assert.Contains(t, read(t, `{"executor": "llm-constant-users", "duration": "10s", "users": 9, "preAllocatedVUs": 8,
		"maxDuration": "20s"}`).GetDescription(tuple(t, "0:1")), "users without pause for 10s (9 users in 8 VUs;")
}

func TestWhatIsArchivedIsReadAgainAsItWas(t *testing.T) {
	for _, raw := range []string{staged, `{"executor": "llm-constant-users", "duration": "10s", "users": 9,
		"preAllocatedVUs": 8, "maxDuration": "20s"}`} {
		first := read(t, raw)
		assert.Empty(t, first.Validate())
		text, err := json.Marshal(first)
		require.NoError(t, err)
		again := read(t, string(text))
		assert.Empty(t, again.Validate(), string(text))
		assert.Equal(t, first.GetDescription(tuple(t, "0:1")), again.GetDescription(tuple(t, "0:1")))
	}
}

func TestOptionsThatContradictEachOtherAreRefusedInWords(t *testing.T) {
	for raw, want := range map[string]string{
		`{"executor": "llm-arrival-rate", "duration": "1m", "users": 1, "preAllocatedVUs": 1, "maxDuration": "2m"}`: "needs stages, or a rate",
		`{"executor": "llm-in-flight", "duration": "1m", "users": 1, "preAllocatedVUs": 1, "maxDuration": "2m"}`:    "llm-in-flight needs stages",
		`{"executor": "llm-constant-users", "rate": 3, "duration": "1m", "users": 1, "preAllocatedVUs": 1,
			"maxDuration": "2m"}`: "has no rate",
		`{"executor": "llm-arrival-rate", "rate": 3, "duration": "1m", "users": 1, "preAllocatedVUs": 2,
			"maxDuration": "30s"}`: "maxDuration is 30s; the load alone takes 1m0s",
	} {
		wrong := read(t, raw).Validate()
		require.NotEmpty(t, wrong, raw)
		all := ""
		for _, each := range wrong {
			all += each.Error() + "\n"
		}
		assert.Contains(t, all, want)
	}
	var all lib.ScenarioConfigs
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"load": {"executor": "llm-arrival-rate", "ratte": 3}}`), &all), "ratte")
}

func TestASegmentHasItsShareOfTheVUs(t *testing.T) {
	assert.Equal(t, uint64(8), read(t, staged).GetExecutionRequirements(tuple(t, "0:1"))[0].PlannedVUs)
	assert.Equal(t, uint64(2), read(t, staged).GetExecutionRequirements(tuple(t, "0:1/4"))[0].PlannedVUs)
	assert.False(t, read(t, `{"executor": "llm-arrival-rate", "rate": 3, "duration": "1m", "users": 1, "preAllocatedVUs": 1,
		"maxDuration": "2m"}`).HasWork(tuple(t, "0:1/4")))
}
