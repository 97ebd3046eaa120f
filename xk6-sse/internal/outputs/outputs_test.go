package outputs

import (
	"errors"
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
)

func quietLogger() *logrus.Logger {
	l := logrus.New()
	l.SetOutput(io.Discard)
	return l
}

func TestOutputsErrorsAreCountedByNameAndOthersAreNot(t *testing.T) {
	var o Log
	l := quietLogger()
	o.Watch(l.WithField("component", "runner"))
	influx := l.WithField("output", "InfluxDBv1")
	influx.WithError(errors.New("connection refused")).Error("Couldn't write stats")
	influx.WithError(errors.New("connection refused")).Error("Couldn't write stats")
	influx.Warn("slow")
	l.WithField("output", "Prometheus remote write").Error("Failed to send the time series data to the endpoint")
	l.WithField("component", "output-manager").WithError(errors.New("disk full")).Error("Stopping output 0 failed")
	l.WithField("source", "console").Error("of a script")
	l.Error("of k6")
	views := o.Views(0)
	require.Len(t, views, 3)
	require.Equal(t, "InfluxDBv1", views[0].Name)
	require.EqualValues(t, 2, views[0].Errors)
	require.Equal(t, []string{"Couldn't write stats: connection refused"}, views[0].Messages)
	require.Equal(t, "Prometheus remote write", views[1].Name)
	require.Equal(t, []string{"Stopping output 0 failed: disk full"}, views[2].Messages)
}

func TestOutputsHolesEndWhereAFlushCanHaveGoneWell(t *testing.T) {
	var o Log
	t.Setenv("K6_INFLUXDB_PUSH_INTERVAL", "")
	begin := time.Unix(1000, 0)
	for second := 1; second <= 20; second++ {
		o.Made(100)
		if second >= 5 && second <= 8 || second == 15 {
			o.add("InfluxDBv1", "refused", begin.Add(time.Duration(second)*time.Second))
		}
	}
	holes := o.Views(begin.UnixNano())[0].Holes
	require.Equal(t, []Hole{{1004e3, 1008e3, 400}, {1014e3, 1015e3, 100}}, holes)
}

func TestOutputsMemoryIsBounded(t *testing.T) {
	var o Log
	for i := range 10_000 {
		o.add("InfluxDBv1", "error "+strconv.Itoa(i), time.Unix(int64(i*10), 0))
	}
	view := o.Views(0)[0]
	require.EqualValues(t, 10_000, view.Errors)
	require.Len(t, view.Holes, spansKept)
	require.Len(t, view.Messages, messagesKept)
	require.InDelta(t, 99_990e3, view.Holes[spansKept-1].To, 0)
}

func TestFlushIntervalIsTheOutputsOwnOrWhatWasSet(t *testing.T) {
	t.Setenv("K6_PROMETHEUS_RW_PUSH_INTERVAL", "")
	require.Equal(t, 5*time.Second, flushInterval("Prometheus remote write"))
	t.Setenv("K6_PROMETHEUS_RW_PUSH_INTERVAL", "250ms")
	require.Equal(t, 250*time.Millisecond, flushInterval("Prometheus remote write"))
	require.Equal(t, time.Second, flushInterval("csv"))
}
