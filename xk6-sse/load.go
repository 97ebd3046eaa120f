package sse

import (
	"crypto/x509"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"go.k6.io/k6/v2/lib"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/credentials"
	"github.com/gsai-perf/xk6-sse/internal/failures"
	"github.com/gsai-perf/xk6-sse/internal/fault"
	"github.com/gsai-perf/xk6-sse/internal/host"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outputs"
	"github.com/gsai-perf/xk6-sse/internal/requests"
	"github.com/gsai-perf/xk6-sse/internal/route"
	"github.com/gsai-perf/xk6-sse/internal/schedule"
	"github.com/gsai-perf/xk6-sse/internal/secrets"
	"github.com/gsai-perf/xk6-sse/internal/tracefile"
)

// load is what configure() laid out, and where all VUs book what becomes of it. Without configure() there is no
// schedule and no metric.
type load struct {
	metrics    []*ledger.Metric
	byName     map[string]*ledger.Metric
	filled     []filled         // from what was measured
	goodput    []*ledger.Metric // from the other values of a request
	pulsed     []*ledger.Metric // pushed twice a second
	gapSamples int

	schedule *schedule.Schedule // nil: none
	trace    *tracefile.Trace   // nil: none was opened
	ledger   *ledger.Ledger
	traces   ledger.Traces
	failures failures.Log
	requests requests.Log
	outputs  outputs.Log
	meter    host.Meter
	signals  *host.Signals
	faults   *fault.Log
	secrets  *secrets.Keeper
	bounds   bounds
	budget   budget

	credentials *credentials.Credentials // nil: keys are headers of the requests' own

	roots  *x509.CertPool // nil: the system's
	routes *route.Routes

	cacheHit *cacheHit // nil: nothing tells of one

	starting sync.Mutex
	pulsing  atomic.Bool
	tallied  atomic.Int64 // samples of tally()
	tokens   atomic.Int64 // streamed or not, by the usage of answers
	progress progress
	live     liveFile
}

// filled is a metric with where its values come from.
type filled struct {
	metric *ledger.Metric
	figure figure
}

func newLoad(s *host.Signals, faults *fault.Log, keeper *secrets.Keeper) *load {
	usual, _ := boundsDef{}.bounds()
	routes, _ := route.New(route.Spec{})
	return &load{
		ledger: ledger.New(nil, nil, int64(time.Second)), signals: s, faults: faults, secrets: keeper, bounds: usual,
		routes: routes,
	}
}

// begin starts the schedule at the first serve() of all, and takes this instance's share of the arrivals. `gated`:
// something is to be done before each phase.
func (l *load) begin(state *lib.State, gated bool) {
	l.starting.Lock()
	defer l.starting.Unlock()
	if l.ledger.Start() != 0 {
		return
	}
	if segment := state.Options.ExecutionSegment; segment != nil {
		if tuple, err := lib.NewExecutionTuple(segment, state.Options.ExecutionSegmentSequence); err == nil {
			l.schedule.ShareOut(tuple)
		}
	}
	if gated {
		l.schedule.Gate()
	}
	runtime.GC() // what making the VUs left behind is not to be cleared away during the load
	t := clock.Now()
	l.meter.Begin(t)
	l.ledger.Begin(t, clock.At(t).UnixNano())
}

// phaseAt is the phase that runs at t (on the schedule's scale), -1 for none.
func (l *load) phaseAt(t int64) int {
	if l.schedule == nil || t < 0 {
		return -1
	}
	return l.schedule.PhaseAt(t)
}

// elapsed is how long the load has run, ns: till now, or till its end once the schedule and the last request are
// through.
func (l *load) elapsed(t int64) int64 {
	start := l.ledger.Start()
	if start == 0 || l.schedule == nil {
		return 0
	}
	end := l.schedule.End()
	if l.signals.Asked() != "" && l.ledger.InFlight() == 0 {
		return min(t-start, max(0, l.ledger.LastEnd()-start))
	}
	if t-start > end && l.ledger.InFlight() == 0 {
		return max(end, l.ledger.LastEnd()-start)
	}
	return t - start
}
