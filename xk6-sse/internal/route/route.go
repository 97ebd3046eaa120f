// Package route decides by which way a target is reached: straight, through a proxy, or over a unix socket.
package route

import (
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/net/http/httpproxy"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// Spec is what configure() is told.
type Spec struct {
	// Proxy is the address of the proxy for all requests, with its login; "none": no proxy at all; "": what the
	// environment says (HTTP_PROXY, HTTPS_PROXY, NO_PROXY), as k6 itself reads it.
	Proxy string `json:"proxy"`
	// Socket is the path of a unix socket, on which Origin (scheme://host:port) listens.
	Socket string `json:"socket"`
	Origin string `json:"origin"`
}

// From is who named a proxy.
const (
	FromParameter   = "PROXY"
	FromEnvironment = "environment"
)

// Routes are the ways of one run. The zero value goes as the environment says.
type Routes struct {
	spec        Spec
	fixed       *wire.Via
	environment func(*url.URL) (*url.URL, error)
}

// New makes them. The error is for whoever gave the address, and does not repeat it: it may hold a login.
func New(spec Spec) (*Routes, error) {
	r := &Routes{spec: spec, environment: httpproxy.FromEnvironment().ProxyFunc()}
	if spec.Proxy == "" || spec.Proxy == "none" {
		return r, nil
	}
	u, err := url.Parse(spec.Proxy)
	if err != nil {
		return nil, fmt.Errorf("PROXY is no address")
	}
	r.fixed, err = wire.NewVia(u)
	if err != nil {
		return nil, fmt.Errorf("PROXY is wrong: %w", err)
	}
	return r, nil
}

// To is how an address is reached: by the proxy that comes back, nil for none, which `from` has named. The error says
// what is wrong with the environment.
func (r *Routes) To(u *url.URL) (via *wire.Via, from string, err error) {
	switch {
	case r.socket(u) != "" || r.spec.Proxy == "none":
		return nil, "", nil
	case r.fixed != nil:
		return r.fixed, FromParameter, nil
	}
	proxy, err := r.environment(u)
	if err == nil && proxy == nil {
		return nil, "", nil
	}
	if err == nil {
		via, err = wire.NewVia(proxy)
	}
	if err != nil { // its own text may repeat a password
		return nil, "", fmt.Errorf("HTTP_PROXY or HTTPS_PROXY of the environment is wrong: an address like "+
			"http://proxy:3128 or socks5://proxy:1080 is wanted for %s", u.Host)
	}
	return via, FromEnvironment, nil
}

// socket is the path of the unix socket on which an address listens, "" for none.
func (r *Routes) socket(u *url.URL) string {
	if r.spec.Socket != "" && u.Scheme+"://"+u.Host == r.spec.Origin {
		return r.spec.Socket
	}
	return ""
}

// Set gives a target its way.
func (r *Routes) Set(to *wire.Target) error {
	via, _, err := r.To(to.URL)
	if err != nil {
		return err
	}
	to.Socket = r.socket(to.URL)
	to.Through(via)
	return nil
}

// ForHTTP is the same choice as net/http wants it.
func (r *Routes) ForHTTP(request *http.Request) (*url.URL, error) {
	via, _, err := r.To(request.URL)
	if via == nil {
		return nil, err
	}
	return via.URL, nil
}
