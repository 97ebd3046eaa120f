// Package executors has the executors of this extension, under which k6 knows a load: its phases and rates stand in
// `k6 inspect`, in archives and in k6's own description. Each gives every VU one iteration, as k6's own per-vu-iterations
// does, which runs it: within that iteration the schedule of configure() hands out the arrivals, and serve() sends them.
package executors

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/executor"
	"go.k6.io/k6/v2/lib/types"
)

// The names of the executors.
const (
	Rate  = "llm-arrival-rate"   // requests at a rate, whatever the target makes of it
	Users = "llm-constant-users" // users without pause
	Held  = "llm-in-flight"      // so many requests in flight at once
)

// Stage is a piece of the load: straight from the target before to its own, within its duration. A duration of 0 is a
// sudden step.
type Stage struct {
	// Phase is the name under which the requests are counted.
	Phase    string             `json:"phase,omitempty"`
	Duration types.NullDuration `json:"duration"`
	// Target is in requests for each timeUnit; of llm-in-flight, and where InFlight says so, in requests at once.
	Target   float64 `json:"target"`
	InFlight bool    `json:"inFlight,omitempty"`
}

// Config is what a scenario with one of the executors says. Rate and Duration are one stage that begins at its target.
type Config struct {
	executor.BaseConfig
	StartRate       float64            `json:"startRate,omitempty"`
	Rate            float64            `json:"rate,omitempty"`
	TimeUnit        types.NullDuration `json:"timeUnit"`
	Duration        types.NullDuration `json:"duration"`
	Stages          []Stage            `json:"stages,omitempty"`
	Users           int64              `json:"users"`
	PreAllocatedVUs int64              `json:"preAllocatedVUs"`
	// MaxDuration ends requests that are still under way.
	MaxDuration types.NullDuration `json:"maxDuration"`
}

var _ lib.ExecutorConfig = Config{}

// Register makes the executors known to k6. It is called once.
func Register() {
	for _, name := range []string{Rate, Users, Held} {
		lib.RegisterExecutorConfigType(name, func(scenario string, raw []byte) (lib.ExecutorConfig, error) {
			c := Config{BaseConfig: executor.NewBaseConfig(scenario, name), TimeUnit: types.NullDurationFrom(time.Second)}
			err := lib.StrictJSONUnmarshal(raw, &c)
			return c, err
		})
	}
}

// Validate says what is wrong with the options.
func (c Config) Validate() []error {
	wrong := c.BaseConfig.Validate()
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if c.PreAllocatedVUs < 1 {
		say("preAllocatedVUs is %d; it must be above 0", c.PreAllocatedVUs)
	}
	if c.Users < c.PreAllocatedVUs {
		say("users is %d; it must not be below preAllocatedVUs, which is %d", c.Users, c.PreAllocatedVUs)
	}
	if c.TimeUnit.TimeDuration() <= 0 {
		wrong = append(wrong, errors.New("timeUnit must be above 0"))
	}
	switch {
	case c.Type == Users && (len(c.Stages) > 0 || c.Rate != 0 || c.StartRate != 0):
		say("%s has no rate: leave stages, rate and startRate out", Users)
	case len(c.Stages) > 0 && (c.Rate != 0 || c.Duration.Valid):
		wrong = append(wrong, errors.New("stages and rate with duration exclude each other"))
	case c.Type == Held && len(c.Stages) == 0:
		say("%s needs stages", Held)
	case c.Type == Rate && len(c.Stages) == 0 && !(c.Rate > 0):
		say("%s needs stages, or a rate above 0 and a duration", Rate)
	}
	for i, s := range c.Stages {
		if s.Duration.TimeDuration() < 0 || !(s.Target >= 0) {
			say("stage %d has a negative duration or target", i+1)
		}
	}
	if c.length() <= 0 {
		wrong = append(wrong, errors.New("the load has no duration"))
	} else if c.MaxDuration.TimeDuration() < c.length() {
		say("maxDuration is %s; the load alone takes %s", c.MaxDuration.TimeDuration(), c.length())
	}
	return wrong
}

// length is that of the load.
func (c Config) length() time.Duration {
	sum := c.Duration.TimeDuration()
	for _, s := range c.Stages {
		sum += s.Duration.TimeDuration()
	}
	return sum
}

// inner is the load as k6's own executor takes it.
func (c Config) inner() executor.PerVUIterationsConfig {
	p := executor.NewPerVUIterationsConfig(c.Name)
	p.BaseConfig = c.BaseConfig
	p.VUs.Int64, p.VUs.Valid = c.PreAllocatedVUs, true
	p.MaxDuration = c.MaxDuration
	return p
}

// GetExecutionRequirements is lib.ExecutorConfig's.
func (c Config) GetExecutionRequirements(et *lib.ExecutionTuple) []lib.ExecutionStep {
	return c.inner().GetExecutionRequirements(et)
}

// HasWork is lib.ExecutorConfig's.
func (c Config) HasWork(et *lib.ExecutionTuple) bool { return c.inner().HasWork(et) }

// NewExecutor is lib.ExecutorConfig's. Progress is that of k6's own executor, in iterations: the type of a progress bar
// is internal to k6, so that no extension can make one of its own.
func (c Config) NewExecutor(es *lib.ExecutionState, logger *logrus.Entry) (lib.Executor, error) {
	of, err := c.inner().NewExecutor(es, logger)
	return running{of, c}, err
}

type running struct {
	lib.Executor
	config Config
}

// GetConfig is lib.Executor's.
func (r running) GetConfig() lib.ExecutorConfig { return r.config }

// stagesTold is how many stages a description lists at most.
const stagesTold = 8

// GetDescription names phases and rates, this segment's share of them.
func (c Config) GetDescription(et *lib.ExecutionTuple) string {
	share := et.Segment.FloatLength()
	var told []string
	switch {
	case c.Type == Users:
		told = []string{fmt.Sprintf("users without pause for %s", c.Duration.TimeDuration())}
	case len(c.Stages) == 0:
		told = []string{fmt.Sprintf("%s for %s", c.rate(c.Rate*share), c.Duration.TimeDuration())}
	default:
		told = c.told(share)
	}
	if more := len(told) - stagesTold; more > 0 {
		told = append(told[:stagesTold], fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("%s (%d users in %d VUs; ends after %s at the latest)", strings.Join(told, ", "),
		et.ScaleInt64(c.Users), et.ScaleInt64(c.PreAllocatedVUs), c.MaxDuration.TimeDuration())
}

// told lists the stages: a step and the time for which its rate is held are one.
func (c Config) told(share float64) (told []string) {
	at, phase := c.StartRate, ""
	for _, s := range c.Stages {
		if s.Duration.TimeDuration() == 0 {
			at = s.Target
			continue
		}
		named := ""
		if s.Phase != "" && s.Phase != phase {
			named = s.Phase + ": "
		}
		phase = s.Phase
		switch {
		case c.Type == Held || s.InFlight:
			told = append(told, fmt.Sprintf("%s%s in flight for %s", named, number(s.Target*share), s.Duration.TimeDuration()))
		case s.Target == at:
			told = append(told, fmt.Sprintf("%s%s for %s", named, c.rate(s.Target*share), s.Duration.TimeDuration()))
		default:
			told = append(told, fmt.Sprintf("%sto %s in %s", named, c.rate(s.Target*share), s.Duration.TimeDuration()))
		}
		if c.Type != Held && !s.InFlight {
			at = s.Target
		}
	}
	return told
}

func (c Config) rate(r float64) string {
	if unit := c.TimeUnit.TimeDuration(); unit != time.Second {
		return fmt.Sprintf("%s requests every %s", number(r), unit)
	}
	return number(r) + " requests/s"
}

func number(v float64) string { return fmt.Sprintf("%.4g", v) }
