package outputs

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestTheInfluxDBOfOutIsFoundHoweverK6WasTold(t *testing.T) {
	for _, each := range []struct {
		args  []string
		env   map[string]string
		found string
	}{
		{[]string{"run", "--out", "influxdb=http://a:1/k6", "s.js"}, nil, "http://a:1/k6"},
		{[]string{"run", "--out=influxdb=http://a:1/k6", "s.js"}, nil, "http://a:1/k6"},
		{[]string{"run", "-o", "json=x", "-o", "influxdb", "s.js"}, nil, "http://localhost:8086"},
		{[]string{"run", "s.js"}, map[string]string{"K6_OUT": "json=x,influxdb=http://b:2"}, "http://b:2"},
		{[]string{"run", "-o", "influxdb"}, map[string]string{"K6_INFLUXDB_ADDR": "http://c:3"}, "http://c:3"},
		{[]string{"run", "--out", "json=influxdb", "s.js"}, nil, ""},
		{[]string{"run", "s.js", "--out"}, nil, ""},
	} {
		require.Equal(t, each.found, InfluxDB(each.args, environment(each.env)), each.args)
	}
}

func TestAnInfluxDBThatWantsATokenIsToldBeforeTheLoadAndOneThatIsGivenItIsWrittenTo(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Influxdb-Version", "v2.7.12")
		_, password, _ := r.BasicAuth()
		switch {
		case r.Method != http.MethodPost || r.URL.Path != "/write":
			w.WriteHeader(http.StatusTeapot)
		case password != "token":
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"code":"unauthorized","message":"unauthorized access"}`))
		case r.URL.Query().Get("db") != "k6":
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"code":"not found","message":"no dbrp mapping found"}`))
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	defer server.Close()
	refused := func(database string, env map[string]string) string {
		return Refused(t.Context(), server.URL+database, environment(env))
	}
	require.Equal(t, "the InfluxDB v2.7.12 at "+server.URL+" does not let this run write (401: unauthorized access): "+
		"nothing would be kept. InfluxDB 1 takes K6_INFLUXDB_USERNAME and K6_INFLUXDB_PASSWORD. InfluxDB 2 and 3 take a "+
		"token: give it as K6_INFLUXDB_PASSWORD, with any K6_INFLUXDB_USERNAME. Or leave out --out influxdb",
		refused("/k6", nil))
	given := map[string]string{"K6_INFLUXDB_USERNAME": "any", "K6_INFLUXDB_PASSWORD": "token"}
	require.Empty(t, refused("/k6", given))
	require.Empty(t, refused("", given), "k6 is the usual database")
	require.Contains(t, refused("/other", given), "has no database other to write to (404: no dbrp mapping found)")
}

func TestAnInfluxDBThatIsNotThereOrInTroubleRefusesNoRun(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	require.Empty(t, Refused(t.Context(), server.URL, environment(nil)))
	server.Close()
	require.Empty(t, Refused(t.Context(), server.URL, environment(nil)))
	require.Empty(t, Refused(t.Context(), "udp://127.0.0.1:8089", environment(nil)))
}

func TestInfluxAggregateChoosesOurOutputHoweverK6WasToldOfBoth(t *testing.T) {
	for _, each := range []struct {
		args, chosen []string
		env          map[string]string
		out          string
	}{
		{
			[]string{"k6", "run", "--out", "influxdb=http://a/k6", "-e", "INFLUX=aggregate", "s.js"},
			[]string{"k6", "run", "--out", "influxdb-aggregate=http://a/k6", "-e", "INFLUX=aggregate", "s.js"}, nil, "",
		},
		{
			[]string{"k6", "run", "-oinfluxdb=http://h:1/k6", "-ojson=x", "-eINFLUX=aggregate"},
			[]string{"k6", "run", "-oinfluxdb-aggregate=http://h:1/k6", "-ojson=x", "-eINFLUX=aggregate"}, nil, "",
		},
		{
			[]string{"k6", "run", "--out=influxdb", "-o", "json=x", "--env=INFLUX=aggregate"},
			[]string{"k6", "run", "--out=influxdb-aggregate", "-o", "json=x", "--env=INFLUX=aggregate"}, nil, "",
		},
		{
			[]string{"k6", "run", "s.js"}, []string{"k6", "run", "s.js"},
			map[string]string{"INFLUX": "aggregate", "K6_OUT": "json=x, influxdb=http://b"}, "json=x,influxdb-aggregate=http://b",
		},
		{
			[]string{"k6", "run", "-o", "influxdb", "-eINFLUX=samples"},
			[]string{"k6", "run", "-o", "influxdb", "-eINFLUX=samples"}, map[string]string{"INFLUX": "aggregate"}, "",
		},
		{[]string{"k6", "run", "-o", "influxdb"}, []string{"k6", "run", "-o", "influxdb"}, nil, ""},
	} {
		chosen, out := Chosen(each.args, environment(each.env))
		require.Equal(t, each.chosen, chosen)
		require.Equal(t, each.out, out)
		require.Empty(t, NotChosen(chosen, environment(map[string]string{"INFLUX": each.env["INFLUX"], "K6_OUT": out})))
		require.Equal(t, InfluxDB(each.args, environment(each.env)), InfluxDB(chosen, environment(map[string]string{"K6_OUT": out})))
	}
	require.Contains(t, NotChosen([]string{"-o", "influxdb", "-e", "INFLUX=aggregate"}, environment(nil)), "influxdb-aggregate")
}
