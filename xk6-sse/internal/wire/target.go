package wire

import (
	"fmt"
	"net"
	"net/url"
)

// Target is where a URL points.
type Target struct {
	URL   *url.URL
	Key   string // scheme and host: connections to the same are interchangeable
	Addr  string // host:port
	Path  string // with the query
	Shown string // the URL without a password
	Clean string // without the query too: for tags
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
		Path: u.RequestURI(), Shown: u.Redacted(), Clean: clean.String(),
	}, nil
}
