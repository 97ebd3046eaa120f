package sse

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tidwall/gjson"

	"github.com/gsai-perf/xk6-sse/internal/credentials"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// proof is what a request still lacks when the script has made it: the headers that authenticate it, and the body behind
// them. A token may have to be waited for, and must not be before it is used, so they are added just before sending.
type proof struct {
	from        *credentials.Credentials
	method      string
	contentType string
	body        string
	token       string // that was sent
}

// prove completes the request. What it takes is no part of any time that is measured.
func (x *exchange) prove() error {
	p := x.proof
	p.from.Through(func() *http.Client { return x.tokenClient() })
	ctx, cancel := context.WithTimeout(x.ctx, x.dialLimit())
	defer cancel()
	request := credentials.Request{Method: p.method, To: x.r.to, Type: p.contentType, Body: p.body}
	headers, token, err := p.from.Headers(ctx, request)
	if err != nil {
		if x.ctx.Err() != nil {
			return x.ctx.Err()
		}
		if errors.Is(err, context.DeadlineExceeded) {
			err = errors.New("no token: none came in time")
		}
		x.r.remark(ledger.RemarkNoToken, clip(err.Error()))
		return outcome.Failed(outcome.Connect, "%s", err.Error())
	}
	p.token = token
	x.u.knows(token)
	if x.u.out, err = wire.AppendHeaders(x.u.out, headers); err != nil {
		return outcome.Failed(outcome.Connect, "no token: %s", err.Error())
	}
	x.u.out = wire.AppendBody(x.u.out, p.method, p.body)
	return nil
}

// knows makes a token a known secret, once for each that the user is given.
func (u *user) knows(token string) {
	if token == "" || token == u.token {
		return
	}
	u.token = token
	if gjson.Valid(token) && gjson.Parse(token).IsObject() { // AWS keys, as a command writes them
		for _, name := range []string{"AccessKeyId", "SecretAccessKey", "SessionToken"} {
			u.v.root.secrets.Add(gjson.Get(token, name).Str)
		}
		return
	}
	u.v.root.secrets.Add(token)
}

// doubt has the token asked for anew when the target refused it.
func (x *exchange) doubt() {
	if x.proof != nil && x.r.status == http.StatusUnauthorized {
		if failing := x.proof.from.Suspect(x.proof.token); failing != nil {
			x.r.remark(ledger.RemarkOldToken, clip(failing.Error()))
		}
	}
}

// tokenClient fetches tokens as requests are sent: through k6's dialer, with its TLS settings, by the same way.
func (x *exchange) tokenClient() *http.Client {
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DialContext: x.state.Dialer.DialContext, TLSClientConfig: tlsSettings(x.state.TLSConfig, x.roots),
		Proxy: x.r.v.load.routes.ForHTTP, DisableKeepAlives: true,
	}}
}
