// Package aggregates is k6's output `--out influxdb-aggregate`: InfluxDB gets what was in each second in a few points,
// where `--out influxdb` gives it a point for each sample. `INFLUX=aggregate` makes the one of the other.
package aggregates

import (
	"fmt"
	"time"

	client "github.com/influxdata/influxdb1-client/v2"
	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/output"

	"github.com/gsai-perf/xk6-sse/internal/outputs"
)

// told is what run.json calls this output.
const told = "aggregates in InfluxDB"

const (
	writeEvery = time.Second
	// heldFor is how long a second waits for its last samples, which k6 hands over a moment after they were made.
	heldFor = 2 * time.Second
	// answersWithin is how long one write may take. A second whose write failed is lost, as with k6's own output.
	answersWithin = 10 * time.Second
)

func init() {
	output.RegisterExtension(outputs.Aggregates, func(p output.Params) (output.Output, error) { return New(p) })
}

// Output is one `--out influxdb-aggregate`. It takes the address and the variables that `--out influxdb` takes.
type Output struct {
	output.SampleBuffer

	db      outputs.Database
	client  client.Client
	logger  logrus.FieldLogger
	flusher *output.PeriodicFlusher
	seconds *seconds
}

var _ output.Output = new(Output)

// New reads the address. An error is a sentence about what is wrong with it.
func New(p output.Params) (*Output, error) {
	env := func(name string) string { return p.Environment[name] }
	address := p.ConfigArgument
	if address == "" {
		address = outputs.DefaultAddress(env)
	}
	db, err := outputs.DatabaseAt(address, env)
	if err != nil {
		return nil, err
	}
	c, err := client.NewHTTPClient(client.HTTPConfig{
		Addr: db.Server, Username: db.User, Password: db.Password, UserAgent: "k6", Timeout: answersWithin,
		InsecureSkipVerify: env("K6_INFLUXDB_INSECURE") == "true",
	})
	if err != nil {
		return nil, err
	}
	return &Output{
		db: db, client: c, logger: p.Logger.WithField("output", told), seconds: newSeconds(),
	}, nil
}

// Description is what k6 prints of it.
func (o *Output) Description() string {
	return fmt.Sprintf("%s (%s, a few points for each second)", told, o.db.Server)
}

// Start makes the database, as k6's own output does.
func (o *Output) Start() error {
	if _, err := o.client.Query(client.NewQuery(fmt.Sprintf("CREATE DATABASE %q", o.db.Name), "", "")); err != nil {
		o.logger.WithError(err).Debug("the database could not be made; it may be there")
	}
	var err error
	o.flusher, err = output.NewPeriodicFlusher(writeEvery, func() { o.flush(time.Now().Add(-heldFor)) })
	return err
}

// Stop writes what is left.
func (o *Output) Stop() error {
	o.flusher.Stop()
	o.flush(time.Now().Add(time.Hour))
	return o.client.Close()
}

// flush books what has come and writes the seconds that were over at `until`.
func (o *Output) flush(until time.Time) {
	for _, container := range o.GetBufferedSamples() {
		for _, sample := range container.GetSamples() {
			o.seconds.add(sample)
		}
	}
	points := o.seconds.take(until.Unix())
	if len(points) == 0 {
		return
	}
	if err := o.write(points); err != nil {
		o.logger.WithError(err).Error("Couldn't write stats")
	}
}

func (o *Output) write(points []point) error {
	batch, err := client.NewBatchPoints(client.BatchPointsConfig{Database: o.db.Name, Precision: "ns"})
	if err != nil {
		return err
	}
	for _, p := range points {
		made, err := client.NewPoint(p.measurement, p.tags, p.fields, p.at)
		if err != nil {
			return err
		}
		batch.AddPoint(made)
	}
	return o.client.Write(batch)
}
