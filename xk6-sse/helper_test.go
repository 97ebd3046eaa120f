package sse

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"testing"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/js/modulestest"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"
	"go.k6.io/k6/v2/metrics"

	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

// testVU is a VU with the module loaded as `sse`, and all that k6 would give it.
type testVU struct {
	t       testing.TB
	rt      *modulestest.Runtime
	v       *VU
	state   *lib.State
	samples chan metrics.SampleContainer
	cancel  context.CancelFunc
}

// shared are the metrics and paths that the tests' scripts use.
const shared = `
const paths = {
	content: ['choices.0.delta.content'], reasoning: ['choices.0.delta.reasoning'],
	toolCalls: ['choices.0.delta.tool_calls'], finish: ['choices.0.finish_reason'],
	promptTokens: ['usage.prompt_tokens'], completionTokens: ['usage.completion_tokens'],
	error: ['error.message', 'error'], done: '[DONE]',
};
const metrics = [
	{name: 'llm_ttft', type: 'trend', time: true, timeline: true, bounds: [500]},
	{name: 'llm_inter_chunk', type: 'trend', time: true, gaps: true},
	{name: 'llm_started', type: 'counter', on: 'start'},
	{name: 'llm_interrupted', type: 'counter', on: 'interrupted'},
	{name: 'llm_error', type: 'rate'},
];
const timeouts = {first: 5000, idle: 5000, total: 10000};
function get(url, more) {
	return sse.stream(url, Object.assign({expect: 'stream', paths, timeouts, body: '{}', tags: {model: 'm'}}, more));
}
function plain(r) { return JSON.stringify(r); }
`

const oneSecond = `{arrivals: 'constant', seed: 1, segments: [{phase: 'only', from: 10, to: 10, seconds: 1}]}`

// newVU makes a VU of the root module in its init context; with a schedule it is configured and moved on.
func newVU(t testing.TB, root *Root, schedule string) *testVU {
	t.Helper()
	u := &testVU{t: t, rt: modulestest.NewRuntime(t), samples: make(chan metrics.SampleContainer, 100_000)}
	ctx, cancel := context.WithCancel(context.Background())
	u.rt.VU.CtxField, u.cancel = ctx, cancel
	t.Cleanup(cancel)
	u.v = root.NewModuleInstance(u.rt.VU).(*VU)
	require.NoError(t, u.rt.VU.RuntimeField.Set("sse", u.v.Exports().Default))
	u.run(shared)
	registry := u.rt.VU.InitEnvField.Registry
	dialer := netext.NewDialer(net.Dialer{}, netext.NewResolver(net.LookupIP, 0, types.DNSfirst, types.DNSpreferIPv4))
	jar, _ := cookiejar.New(nil)
	insecure := &tls.Config{InsecureSkipVerify: true} // the test's own server
	transport := &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: insecure}
	t.Cleanup(transport.CloseIdleConnections)
	tags := metrics.DefaultSystemTagSet
	u.state = &lib.State{
		Options: lib.Options{SystemTags: &tags}, BuiltinMetrics: u.rt.BuiltinMetrics, Samples: u.samples,
		Dialer: dialer, TLSConfig: insecure, Transport: transport, CookieJar: jar,
		Tags: lib.NewVUStateTags(registry.RootTagSet().With("scenario", "test")), Logger: u.rt.VU.InitEnvField.Logger,
	}
	if schedule != "" {
		u.run(`sse.configure({metrics, schedule: ` + schedule + `, slotSeconds: 1, gapSamples: 2})`)
		u.rt.MoveToVUContext(u.state)
	}
	return u
}

// run runs JavaScript and fails the test when it throws.
func (u *testVU) run(code string) sobek.Value {
	u.t.Helper()
	value, err := u.rt.VU.RuntimeField.RunString(code)
	require.NoError(u.t, err)
	return value
}

// eval runs JavaScript and reads its JSON.
func (u *testVU) eval(into any, code string) {
	u.t.Helper()
	require.NoError(u.t, json.Unmarshal([]byte(u.run("JSON.stringify("+code+")").String()), into))
}

// recordView is a StreamRecord as the tests read it.
type recordView struct {
	URL, Body, Outcome, Error, Protocol, Text, Finish                            string
	Remarks                                                                      []string
	ReasoningTokens, CachedTokens                                                float64
	Status                                                                       int
	Headers                                                                      map[string]string
	Connect, Sent, Queue, TTFB, FirstChunk, TTFT, TTFO, E2E, End                 float64
	Reused, Done                                                                 bool
	Offsets                                                                      []float64
	Events, ContentEvents, Reads, PromptTokens, CompletionTokens, Counted, Bytes int
}

// stream makes one request with the tests' parameters and `more`.
func (u *testVU) stream(url, more string) (r recordView) {
	u.t.Helper()
	u.eval(&r, `get('`+url+`', `+more+`)`)
	return r
}

func (u *testVU) snapshot() (s snapshotView) {
	u.t.Helper()
	u.eval(&s, `sse.snapshot()`)
	return s
}

// pushed drains k6's samples.
func (u *testVU) pushed() (all []metrics.Sample) {
	for {
		select {
		case c := <-u.samples:
			all = append(all, c.GetSamples()...)
		default:
			return all
		}
	}
}

// server is a raw TCP server: `serve` does with each connection what it likes.
func server(t testing.TB, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	accept(t, l, serve)
	return "http://" + l.Addr().String()
}

func accept(t testing.TB, l net.Listener, serve func(net.Conn)) {
	done := make(chan struct{})
	t.Cleanup(func() { _ = l.Close(); <-done })
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				serve(c)
			}()
		}
	}()
}

// request reads one whole request.
func request(r *bufio.Reader) bool {
	req, err := http.ReadRequest(r)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, req.Body)
	return err == nil
}

// saying answers the first request with these pieces, each in its own write, and closes.
func saying(pieces ...string) func(net.Conn) {
	return func(c net.Conn) {
		if request(bufio.NewReader(c)) {
			for _, p := range pieces {
				_, _ = io.WriteString(c, p)
			}
		}
	}
}

// untilGone waits until the client hangs up.
func untilGone(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

const (
	sseHead  = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
	role     = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n"
	token    = "data: {\"choices\":[{\"delta\":{\"content\":\"hi \"},\"finish_reason\":null}]}\n\n"
	thought  = "data: {\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}\n\n"
	finished = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
	usageEnd = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\n"
	doneEnd  = "data: [DONE]\n\n"
)

const soon = testkit.Soon

// recording is a load that sends nothing: JavaScript that plays so many users until the schedule ends, and leaves the
// arrivals in `seen`.
func recording(users string) string {
	return `var seen = []; sse.serve(` + users + `, (arrival) => { seen.push(arrival); }, () => {});`
}

// oneArrival is a schedule that ends with its first arrival.
const oneArrival = `{arrivals: 'constant', seed: 1, segments: [{phase: 'only', from: 10, to: 10, seconds: 0.1}]}`
