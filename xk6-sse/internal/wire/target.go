package wire

import (
	"fmt"
	"net"
	"net/url"
)

// Target is where a URL points, and by which way.
type Target struct {
	URL   *url.URL
	Key   string // scheme and host: connections to the same are interchangeable
	Addr  string // host:port
	Path  string // with the query
	Shown string // the URL without a password
	Clean string // without the query too: for tags

	Via    *Via   // the proxy, nil for none
	Socket string // path of the unix socket on which it listens, "" for none
	form   string // what the request line names
}

// ParseTarget reads a URL. The error is for whoever wrote the script.
func ParseTarget(raw string) (*Target, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("the URL %q is malformed", raw)
	}
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	if port == "" || u.Hostname() == "" {
		return nil, fmt.Errorf("the URL %q is not an http:// or https:// one", u.Redacted())
	}
	if u.Port() != "" {
		port = u.Port()
	}
	clean := *u
	clean.RawQuery, clean.Fragment, clean.User = "", "", nil
	return &Target{
		URL: u, Key: u.Scheme + "://" + u.Host, Addr: net.JoinHostPort(u.Hostname(), port),
		Path: u.RequestURI(), Shown: u.Redacted(), Clean: clean.String(), form: u.RequestURI(),
	}, nil
}

// Through has requests go by a proxy, nil for none.
func (t *Target) Through(via *Via) {
	t.Via, t.form = via, t.Path
	if t.forwarded() { // RFC 9112, 3.2.2
		t.form = t.Key + t.Path
	}
}

// forwarded: the proxy is asked for the address itself, as it is for http:// ones; else it is asked for a connection.
func (t *Target) forwarded() bool {
	return t.Via != nil && !t.Via.Socks() && t.URL.Scheme == "http"
}

// Forwarder is the proxy that answers in the target's name, nil where none does.
func (t *Target) Forwarder() *Via {
	if t.forwarded() {
		return t.Via
	}
	return nil
}
