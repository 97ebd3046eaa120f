package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/proxy"

	"github.com/gsai-perf/xk6-sse/internal/printable"
)

// Via is a proxy.
type Via struct {
	URL   *url.URL // with the login
	Addr  string   // host:port
	Shown string   // without the login
}

var proxyPorts = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}

// NewVia reads the address of a proxy. The error does not repeat it: it may hold a login.
func NewVia(u *url.URL) (*Via, error) {
	port := proxyPorts[u.Scheme]
	if port == "" || u.Hostname() == "" {
		return nil, errors.New("http://, https:// or socks5:// and a host are wanted")
	}
	if u.Port() != "" {
		port = u.Port()
	}
	return &Via{URL: u, Addr: net.JoinHostPort(u.Hostname(), port), Shown: u.Scheme + "://" + u.Host}, nil
}

// Socks tells that it speaks SOCKS5.
func (v *Via) Socks() bool { return strings.HasPrefix(v.URL.Scheme, "socks5") }

// login is the value of Proxy-Authorization, "" without a login.
func (v *Via) login() string {
	if v.URL.User == nil {
		return ""
	}
	password, _ := v.URL.User.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(v.URL.User.Username()+":"+password))
}

// ProxyError is what a proxy, and not the target, did.
type ProxyError struct {
	Sentence string
	Cause    error // nil: the proxy said so
}

func (e *ProxyError) Error() string { return e.Sentence }

// Unwrap gives the cause.
func (e *ProxyError) Unwrap() error { return e.Cause }

// Unreached is the error of a proxy that could not be connected to.
func (v *Via) Unreached(cause error) error {
	return &ProxyError{fmt.Sprintf("the proxy %s cannot be reached: %v", v.Shown, cause), cause}
}

// Refused is what an answer of the proxy's own says.
func (v *Via) Refused(status int, header func(name string) string) error {
	says := fmt.Sprintf("the proxy %s answered %d %s", v.Shown, status, http.StatusText(status))
	if status == http.StatusProxyAuthRequired {
		says = fmt.Sprintf("the proxy %s wants a login (%d)", v.Shown, status)
		if v.URL.User != nil {
			says = fmt.Sprintf("the proxy %s refused the login of its address (%d)", v.Shown, status)
		}
		if scheme, _, _ := strings.Cut(header("Proxy-Authenticate"), " "); scheme != "" && !strings.EqualFold(scheme, "basic") {
			says += fmt.Sprintf("; it asks for %s, and only Basic can be sent", printable.Cut(printable.Line(scheme), 40))
		}
	}
	for _, name := range ownWords {
		if words := header(name); words != "" {
			says += fmt.Sprintf(" (%s: %s)", name, printable.Cut(printable.Line(words), 200))
		}
	}
	return &ProxyError{Sentence: says}
}

// ownWords are headers in which a proxy says what it found (RFC 9209, and Squid's own).
var ownWords = []string{"Proxy-Status", "X-Squid-Error"}

// Spoke tells whether an answer to a request that was forwarded is the proxy's own. Only what the proxy itself names so
// can be told from the target's.
func (v *Via) Spoke(h *Head) bool {
	return h.Status == http.StatusProxyAuthRequired || h.Status >= 400 &&
		(h.Get("X-Squid-Error") != "" || strings.Contains(h.Get("Proxy-Status"), "error="))
}

// open has the proxy connect to the target. What comes back reads and writes through c, which it closes when it fails.
func (v *Via) open(ctx context.Context, c net.Conn, to *Target, settings *tls.Config) (net.Conn, error) {
	if v.URL.Scheme == "https" {
		proxy := &Target{URL: v.URL}
		secure, err := handshake(ctx, settings, c, proxy, "http/1.1")
		if err != nil {
			return nil, v.Unreached(err)
		}
		c = secure
	}
	if to.forwarded() {
		return c, nil
	}
	limit, _ := ctx.Deadline()
	_ = c.SetDeadline(limit)
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	err := v.ask(ctx, c, to)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	_ = c.SetDeadline(time.Time{})
	return c, nil
}

func (v *Via) ask(ctx context.Context, c net.Conn, to *Target) error {
	if v.Socks() {
		return v.socks(ctx, c, to)
	}
	return v.connect(c, to)
}

// connect is HTTP's CONNECT (RFC 9110, 9.3.6).
func (v *Via) connect(c net.Conn, to *Target) error {
	const step = "CONNECT"
	request := "CONNECT " + to.Addr + " HTTP/1.1\r\nHost: " + to.Addr + "\r\n"
	if login := v.login(); login != "" {
		request += "Proxy-Authorization: " + login + "\r\n"
	}
	if _, err := io.WriteString(c, request+"\r\n"); err != nil {
		return v.broken(step, err)
	}
	reader := bufio.NewReader(io.LimitReader(c, headLimit))
	response, err := http.ReadResponse(reader, &http.Request{Method: http.MethodConnect})
	switch {
	case err != nil:
		return v.broken(step, err)
	case response.StatusCode != http.StatusOK:
		_ = response.Body.Close()
		return v.Refused(response.StatusCode, response.Header.Get)
	case reader.Buffered() > 0: // nobody speaks before the client does
		return &ProxyError{Sentence: fmt.Sprintf("the proxy %s sent bytes of its own after its answer to CONNECT", v.Shown)}
	}
	return nil
}

// socks has the library speak SOCKS5 (RFC 1928, 1929) over the connection. The proxy looks the target's name up.
func (v *Via) socks(ctx context.Context, c net.Conn, to *Target) error {
	var login *proxy.Auth
	if v.URL.User != nil {
		password, _ := v.URL.User.Password()
		login = &proxy.Auth{User: v.URL.User.Username(), Password: password}
	}
	d, err := proxy.SOCKS5("tcp", v.Addr, login, opened{c})
	if err == nil {
		_, err = d.(proxy.ContextDialer).DialContext(ctx, "tcp", to.Addr)
	}
	if err == nil {
		return nil
	}
	var op *net.OpError
	if errors.As(err, &op) { // its own text names addresses of our side
		err = op.Err
	}
	if slices.ContainsFunc(brokenOff, func(why error) bool { return errors.Is(err, why) }) {
		return v.broken("SOCKS5", err)
	}
	if strings.Contains(err.Error(), "authentication") {
		if login == nil {
			return &ProxyError{fmt.Sprintf("the proxy %s wants a login (%v)", v.Shown, err), err}
		}
		return &ProxyError{fmt.Sprintf("the proxy %s refused the login of its address (%v)", v.Shown, err), err}
	}
	if why, refused := strings.CutPrefix(err.Error(), "unknown error "); refused {
		err = errors.New(why)
	}
	return &ProxyError{fmt.Sprintf("the proxy %s did not connect to %s: %v", v.Shown, to.Addr, err), err}
}

// opened is a dialer for a connection that there is already.
type opened struct{ net.Conn }

func (o opened) Dial(_, _ string) (net.Conn, error)                            { return o.Conn, nil }
func (o opened) DialContext(context.Context, string, string) (net.Conn, error) { return o.Conn, nil }

var brokenOff = []error{
	io.EOF, io.ErrUnexpectedEOF, os.ErrDeadlineExceeded, net.ErrClosed, context.DeadlineExceeded, context.Canceled,
}

// broken is the error of a conversation with the proxy that broke off.
func (v *Via) broken(step string, cause error) error {
	why := cause.Error()
	switch {
	case errors.Is(cause, io.EOF), errors.Is(cause, io.ErrUnexpectedEOF):
		why = "it closed the connection"
	case errors.Is(cause, os.ErrDeadlineExceeded), errors.Is(cause, context.DeadlineExceeded):
		why = "it did not answer in time"
	case strings.Contains(why, "malformed HTTP"):
		why = "its answer is not HTTP"
	}
	return &ProxyError{fmt.Sprintf("the proxy %s broke off %s: %s", v.Shown, step, why), cause}
}
