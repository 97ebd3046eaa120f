package sse

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib/netext"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// reach connects to a target, or to what stands before it: its proxy, or a unix socket.
func (x *exchange) reach(ctx context.Context, to *wire.Target) (net.Conn, error) {
	switch {
	case to.Socket != "":
		c, err := (&net.Dialer{}).DialContext(ctx, "unix", to.Socket)
		if k6, ok := x.state.Dialer.(*netext.Dialer); ok && err == nil {
			c = &netext.Conn{Conn: c, BytesRead: &k6.BytesRead, BytesWritten: &k6.BytesWritten}
		}
		return c, err
	case to.Via != nil:
		c, err := x.dial(ctx, to.Via.Addr)
		if err != nil {
			return nil, to.Via.Unreached(err)
		}
		return c, nil
	}
	return x.dial(ctx, to.Addr)
}

// unconnected says why there is no connection.
func (x *exchange) unconnected(err error) *outcome.Failure {
	x.r.ownLimit(err)
	if proxy := (*wire.ProxyError)(nil); errors.As(err, &proxy) {
		return x.turnedAway(proxy)
	}
	return outcome.Failed(outcome.Connect, "no connection to %s: %s", x.r.to.URL.Host, plain(err))
}

// turnedAway notes that the proxy, and not the target, ended a request.
func (x *exchange) turnedAway(by error) *outcome.Failure {
	sentence := clip(by.Error())
	if x.ctx.Err() == nil { // the test's end breaks conversations off too
		x.r.remark(ledger.RemarkProxy, sentence)
	}
	return outcome.Failed(outcome.Connect, "%s", sentence)
}

// proxySpoke is the failure of a request that a forwarding proxy answered itself, nil where it did not.
func (x *exchange) proxySpoke() *outcome.Failure {
	if via := x.r.to.Forwarder(); via != nil && x.r.head != nil && via.Spoke(x.r.head) {
		return x.turnedAway(via.Refused(x.r.status, x.r.head.Get))
	}
	return nil
}

// Route is route().
func (v *VU) Route(address string) sobek.Value {
	told := map[string]any{"proxy": "", "login": false, "from": "", "error": ""}
	if u, err := url.Parse(address); err == nil {
		via, from, err := v.load.routes.To(u)
		if err != nil {
			told["error"] = err.Error()
		}
		if via != nil {
			told["proxy"], told["login"], told["from"] = via.Shown, via.URL.User != nil, from
		}
	}
	return v.vu.Runtime().ToValue(told)
}

// RouteHTTP is routeHttp().
func (v *VU) RouteHTTP() {
	if state := v.vu.State(); state != nil {
		if transport, ok := state.Transport.(*http.Transport); ok {
			transport.Proxy = v.load.routes.ForHTTP
		}
	}
}
