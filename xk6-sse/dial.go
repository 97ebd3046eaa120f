package sse

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"

	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// dialer opens connections through k6's dialer (hosts, block lists, DNS) with k6's TLS settings.
func (x *exchange) dialer() wire.Dialer {
	return wire.Dialer{TLS: tlsSettings(x.state.TLSConfig, x.roots), Dial: func(ctx context.Context, to *wire.Target) (wire.Raw, error) {
		c, err := x.reach(ctx, to)
		if err != nil {
			return wire.Raw{}, err
		}
		raw := wire.Raw{Conn: c}
		if counted, ok := c.(*netext.Conn); ok { // counts data_sent and data_received
			raw.TCP, raw.In, raw.Out = counted.Conn, counted.BytesRead, counted.BytesWritten
		}
		return raw, nil
	}}
}

// tlsSettings are k6's own, which trust `roots` where there are any.
func tlsSettings(settings *tls.Config, roots *x509.CertPool) *tls.Config {
	if roots == nil {
		return settings
	}
	if settings = settings.Clone(); settings == nil {
		settings = &tls.Config{} // Go's own least version
	}
	settings.RootCAs = roots
	return settings
}

// dial connects. k6 picks one address of a name and knows no other, so a name of which one address is dead would fail
// each time that one is picked. The others are tried here, as far as k6's options leave them.
func (x *exchange) dial(ctx context.Context, addr string) (net.Conn, error) {
	k6, ok := x.state.Dialer.(*netext.Dialer)
	host, port, err := net.SplitHostPort(addr)
	if !ok || err != nil || net.ParseIP(host) != nil || aliased(k6, addr, host) {
		return x.state.Dialer.DialContext(ctx, "tcp", addr)
	}
	picked, _, err := k6.ResolveAddr(addr)
	if err != nil {
		return nil, err
	}
	others := func() (list []string) {
		for _, ip := range x.u.v.root.addresses.of(host, x.state.Options.DNS) {
			if !ip.Equal(picked) && !blocked(k6, ip) {
				list = append(list, net.JoinHostPort(ip.String(), port))
			}
		}
		return list
	}
	first := net.JoinHostPort(picked.String(), port)
	c, failed, err := wire.Race(ctx, first, others, func(ctx context.Context, addr string) (net.Conn, error) {
		return k6.Dialer.DialContext(ctx, "tcp", addr)
	})
	if err != nil {
		return nil, err
	}
	if failed != nil {
		x.r.remark(ledger.RemarkAddress, first+": "+plain(failed))
	}
	return &netext.Conn{Conn: c, BytesRead: &k6.BytesRead, BytesWritten: &k6.BytesWritten}, nil
}

// aliased: the option `hosts` says where the name leads, and nothing else does.
func aliased(k6 *netext.Dialer, addr, host string) bool {
	return k6.Hosts != nil && (k6.Hosts.Match(addr) != nil || k6.Hosts.Match(host) != nil)
}

// blocked: the option `blacklistIPs` forbids the address.
func blocked(k6 *netext.Dialer, ip net.IP) bool {
	for _, forbidden := range k6.Blacklist {
		if forbidden.Contains(ip) {
			return true
		}
	}
	return false
}

// addresses are those of names, kept for a while so that a target that is down costs no look-up for each request.
type addresses struct {
	lookup func(host string) ([]net.IP, error) // nil: the system's

	mu    sync.Mutex
	known map[string]resolved
}

type resolved struct {
	all []net.IP
	at  time.Time
}

// addressesKept is how long they are believed at most.
const addressesKept = time.Minute

// keptFor is how long they are believed: no longer than the option `dns.ttl` has it.
func keptFor(ttl string) time.Duration {
	if ttl == "" || ttl == "inf" {
		return addressesKept
	}
	d, err := types.ParseExtendedDuration(ttl)
	if err != nil { // k6 has read it before
		return addressesKept
	}
	return min(d, addressesKept)
}

// of lists the addresses of a name in the order that the option `dns.policy` wants: one kind only, or one before the
// other.
func (a *addresses) of(host string, dns types.DNSConfig) []net.IP {
	var four, six []net.IP
	for _, ip := range a.resolve(host, keptFor(dns.TTL.String)) {
		if ip.To4() != nil {
			four = append(four, ip)
		} else {
			six = append(six, ip)
		}
	}
	switch dns.Policy.DNSPolicy {
	case types.DNSonlyIPv4:
		return four
	case types.DNSonlyIPv6:
		return six
	case types.DNSpreferIPv6:
		return append(six, four...)
	case types.DNSpreferIPv4, types.DNSany:
	}
	return append(four, six...)
}

func (a *addresses) resolve(host string, kept time.Duration) []net.IP {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r, ok := a.known[host]; ok && time.Since(r.at) < kept {
		return r.all
	}
	lookup := a.lookup
	if lookup == nil {
		lookup = net.LookupIP
	}
	all, _ := lookup(host) // a name that cannot be resolved has no other address
	if a.known == nil {
		a.known = map[string]resolved{}
	}
	a.known[host] = resolved{all, time.Now()}
	return all
}

// ownLimits are errors that say that this machine has run out of something: none of them is the target's.
var ownLimits = map[syscall.Errno]string{
	syscall.EMFILE:        "EMFILE",
	syscall.ENFILE:        "ENFILE",
	syscall.EADDRNOTAVAIL: "EADDRNOTAVAIL",
	syscall.ENOBUFS:       "ENOBUFS",
	syscall.ENOMEM:        "ENOMEM",
}

// ownLimit notes that err is a limit of this machine, if it is one.
func (r *Record) ownLimit(err error) {
	var number syscall.Errno
	if errors.As(err, &number) {
		if name := ownLimits[number]; name != "" {
			r.remark(ledger.RemarkOwnLimit, name+": "+number.Error())
		}
		return
	}
	// Looking a name up hides the number.
	if err != nil && strings.Contains(err.Error(), syscall.EMFILE.Error()) {
		r.remark(ledger.RemarkOwnLimit, "EMFILE: "+syscall.EMFILE.Error())
	}
}
