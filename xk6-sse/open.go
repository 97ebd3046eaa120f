package sse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	k6http "go.k6.io/k6/v2/js/modules/k6/http"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/types"
	"go.k6.io/k6/v2/metrics"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// openMetrics are what open() counts beside k6's own, as xk6-sse does.
type openMetrics struct{ event *metrics.Metric }

func (v *VU) registerOpenMetrics() {
	if env := v.vu.InitEnv(); env != nil {
		if m, err := env.Registry.NewMetric("sse_event", metrics.Counter); err == nil {
			v.sse = &openMetrics{m}
		}
	}
}

// Response is what open() returns.
type Response struct {
	URL     string
	Status  int
	Headers map[string]string
	Error   string
}

// Event is one event as open() hands it to the handlers.
type Event struct {
	ID      string
	Name    string
	Data    string
	Comment string
}

// Client is what open() passes to the setup function.
type Client struct {
	v        *VU
	handlers map[string][]sobek.Callable
	closed   bool
	cancel   context.CancelFunc
}

// On adds a handler for "open", "event" or "error".
func (c *Client) On(event string, handler sobek.Value) {
	if f, ok := sobek.AssertFunction(handler); ok {
		c.handlers[event] = append(c.handlers[event], f)
	}
}

// Close ends the stream. The call to open() returns after the handler that called it.
func (c *Client) Close() {
	c.closed = true
	c.cancel()
}

func (c *Client) call(event string, args ...sobek.Value) {
	for _, f := range c.handlers[event] {
		if _, err := f(sobek.Undefined(), args...); err != nil {
			common.Throw(c.v.vu.Runtime(), err)
		}
	}
}

// opening is one call of open(), read.
type opening struct {
	url, method, body string
	headers           http.Header
	jar               http.CookieJar
	timeout           time.Duration
	tags              metrics.TagsAndMeta
	setup             sobek.Callable
}

func (v *VU) readOpening(state *lib.State, call sobek.FunctionCall) (*opening, error) {
	o := &opening{
		url: call.Argument(0).String(), method: http.MethodGet, tags: state.Tags.GetCurrentValues(),
		headers: http.Header{"Accept": {"text/event-stream"}, "User-Agent": {state.Options.UserAgent.String}},
	}
	if state.CookieJar != nil {
		o.jar = state.CookieJar
	}
	setup := call.Argument(len(call.Arguments) - 1)
	var ok bool
	if o.setup, ok = sobek.AssertFunction(setup); !ok || len(call.Arguments) < 2 || len(call.Arguments) > 3 {
		return nil, errors.New("open() takes a URL, parameters if wanted, and a function")
	}
	if len(call.Arguments) == 2 || common.IsNullish(call.Argument(1)) {
		return o, nil
	}
	rt := v.vu.Runtime()
	params := call.Argument(1).ToObject(rt)
	for _, key := range params.Keys() {
		value := params.Get(key)
		if common.IsNullish(value) {
			continue
		}
		switch key {
		case "method":
			o.method = strings.TrimSpace(value.String())
		case "body":
			o.body = strings.TrimSpace(value.String())
		case "headers":
			headers := value.ToObject(rt)
			for _, name := range headers.Keys() {
				o.headers.Set(name, headers.Get(name).String())
				v.root.secrets.AddHeader(name, headers.Get(name).String())
			}
		case "tags":
			if err := common.ApplyCustomUserTags(rt, &o.tags, value); err != nil {
				return nil, fmt.Errorf("open() tags: %w", err)
			}
		case "jar":
			if jar, ok := value.Export().(*k6http.CookieJar); ok {
				o.jar = jar.Jar
			}
		case "timeout":
			var err error
			if o.timeout, err = types.GetDurationValue(value.Export()); err != nil {
				return nil, fmt.Errorf("open() timeout: %w", err)
			}
		}
	}
	return o, nil
}

// Open is open(), xk6-sse's call. It goes through the VU's own transport, so connections are reused and closed as those
// of k6/http; redirects, cookies and proxies are as there too. It does not measure: stream() does.
func (v *VU) Open(call sobek.FunctionCall) sobek.Value {
	rt, state := v.vu.Runtime(), v.vu.State()
	if state == nil {
		common.Throw(rt, common.NewInitContextError("using sse in the init context is not supported"))
	}
	o, err := v.readOpening(state, call)
	if err != nil {
		common.Throw(rt, err)
	}
	ctx, cancel := context.WithCancel(v.vu.Context())
	if o.timeout > 0 {
		ctx, cancel = context.WithTimeout(v.vu.Context(), o.timeout)
	}
	defer cancel()
	c := &Client{v: v, handlers: map[string][]sobek.Callable{}, cancel: cancel}
	t := &openTimes{began: time.Now()}
	o.tags.SetSystemTagOrMetaIfEnabled(state.Options.SystemTags, metrics.TagURL, v.shownURL(o.url))
	o.tags.SetSystemTagOrMetaIfEnabled(state.Options.SystemTags, metrics.TagMethod, o.method)

	resp, err := o.send(ctx, state, t)
	status := 0
	if resp != nil {
		status = resp.StatusCode
		defer func() { _ = resp.Body.Close() }()
	}
	o.tags.SetSystemTagOrMetaIfEnabled(state.Options.SystemTags, metrics.TagStatus, itoa(status))
	defer func() { t.push(v, o, status) }() // also when a handler throws

	// xk6-sse runs the setup only on success, so that no handler ever hears of a failed connection.
	if _, thrown := o.setup(sobek.Undefined(), rt.ToValue(c)); thrown != nil {
		common.Throw(rt, thrown)
	}
	if err != nil {
		c.call("error", rt.ToValue(err))
		if state.Options.Throw.Bool {
			common.Throw(rt, err)
		}
		return rt.ToValue(&Response{Error: v.root.secrets.Line(err.Error())})
	}
	c.call("open")
	out := &Response{URL: o.url, Status: status, Headers: map[string]string{}}
	for name, values := range resp.Header {
		out.Headers[name] = strings.Join(values, ", ")
	}
	if err := c.read(ctx, resp, o); err != nil {
		c.call("error", rt.ToValue(err))
	}
	return rt.ToValue(out)
}

// shownURL is an address without its password: tags go to every output.
func (v *VU) shownURL(address string) string {
	v.root.secrets.AddURL(address)
	if u, err := url.Parse(address); err == nil && u.User != nil {
		return u.Redacted()
	}
	return address
}

func (o *opening) send(ctx context.Context, state *lib.State, t *openTimes) (*http.Response, error) {
	req, err := http.NewRequestWithContext(
		httptrace.WithClientTrace(ctx, t.trace()),
		o.method,
		o.url,
		strings.NewReader(o.body),
	)
	if err != nil {
		return nil, err
	}
	req.Header = o.headers
	if host := o.headers.Get("Host"); host != "" {
		req.Host = host
	}
	client := &http.Client{Transport: state.Transport, Jar: o.jar}
	return client.Do(req)
}

// read hands the events to the handlers until the end; nil when it was orderly or asked for. Only a good answer is
// read as a stream: an error page is none.
func (c *Client) read(ctx context.Context, resp *http.Response, o *opening) error {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		_, err := io.Copy(io.Discard, io.LimitReader(resp.Body, shownLimit)) // to the end, so that the connection lives
		return err
	}
	rt, state := c.v.vu.Runtime(), c.v.vu.State()
	limit := int(c.v.load.bounds.event)
	tooLarge := false
	p := wire.Parser{Room: func(_, wanted int) int { tooLarge = wanted > limit; return limit }}
	buf := make([]byte, wire.ReadSize)
	for !c.closed {
		n, err := resp.Body.Read(buf)
		p.Feed(buf[:n], func(b *wire.Block) bool {
			metrics.PushIfNotDone(ctx, state.Samples, metrics.Sample{
				TimeSeries: metrics.TimeSeries{Metric: c.v.sse.event, Tags: o.tags.Tags},
				Time:       time.Unix(0, c.v.load.nanos(1)), Metadata: o.tags.Metadata, Value: 1,
			})
			c.call("event", rt.ToValue(Event{
				ID: string(b.ID), Name: string(b.Name), Data: string(b.Data), Comment: string(b.Comment),
			}))
			return !c.closed
		})
		switch {
		case tooLarge:
			return beyond("an event, or a line,", mib(int64(limit)), "EVENT_LIMIT")
		case c.closed || errors.Is(err, io.EOF) || c.v.vu.Context().Err() != nil:
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

// openTimes are what k6's own metrics of an open() need.
type openTimes struct{ began, wrote, first time.Time }

func (t *openTimes) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		WroteRequest:         func(httptrace.WroteRequestInfo) { t.wrote = time.Now() },
		GotFirstResponseByte: func() { t.first = time.Now() },
	}
}

func (t *openTimes) push(v *VU, o *opening, status int) {
	m := v.vu.State().BuiltinMetrics
	now := &moment{tags: o.tags.Tags, meta: o.tags.Metadata}
	now.add(m.HTTPReqs, 1)
	now.add(m.HTTPReqDuration, metrics.D(time.Since(t.began)))
	if !t.wrote.IsZero() {
		now.add(m.HTTPReqSending, metrics.D(t.wrote.Sub(t.began)))
	}
	if !t.first.IsZero() {
		now.add(m.HTTPReqWaiting, metrics.D(t.first.Sub(t.wrote)))
	}
	failed := 1.0
	if status >= 200 && status < 400 {
		failed = 0
	}
	now.add(m.HTTPReqFailed, failed)
	v.push(now)
}
