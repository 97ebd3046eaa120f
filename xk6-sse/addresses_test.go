//go:build unix

package sse

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

// Of a name with several addresses the next is tried when one is dead, refusing or silent.
func TestANameWithADeadAddressIsReachedByTheOthers(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(telling(good, orderly)))
	defer srv.Close()
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	silent := blackHole(t, port)
	for _, c := range []struct {
		story     string
		addresses []string
		policy    types.DNSPolicy
		outcome   string
		remark    string
	}{
		{"the first refuses", []string{"127.0.0.2", "127.0.0.1"}, types.DNSpreferIPv4, "ok", "refused"},
		{"two refuse", []string{"127.0.0.2", "127.0.0.3", "127.0.0.1"}, types.DNSpreferIPv4, "ok", "refused"},
		{"the first is silent", []string{silent, "127.0.0.1"}, types.DNSpreferIPv4, "ok", "no answer within 250ms"},
		{"the other kind is dead", []string{"::1", "127.0.0.1"}, types.DNSpreferIPv6, "ok", "refused"},
		{"only one kind may be used", []string{"::1", "127.0.0.1"}, types.DNSonlyIPv6, "connect", ""},
		{"all are dead", []string{"127.0.0.2", "127.0.0.3"}, types.DNSpreferIPv4, "connect", ""},
		{"the first answers", []string{"127.0.0.1", "127.0.0.2"}, types.DNSpreferIPv4, "ok", ""},
		{"the other one is on the block list", []string{"127.0.0.2", "127.0.0.1"}, types.DNSpreferIPv4, "connect", ""},
	} {
		t.Run(c.story, func(t *testing.T) {
			if strings.Contains(c.story, "silent") && silent == "" {
				t.Skip("no address can be made silent here")
			}
			u := newVU(t, New(), oneSecond)
			lookup := func(host string) (all []net.IP, err error) {
				assert.Equal(t, "gateway.test", host)
				for _, address := range c.addresses {
					all = append(all, net.ParseIP(address))
				}
				return all, nil
			}
			dialer := u.state.Dialer.(*netext.Dialer)
			dialer.Resolver = netext.NewResolver(lookup, 0, types.DNSfirst, c.policy)
			if strings.Contains(c.story, "block list") {
				_, forbidden, _ := net.ParseCIDR("127.0.0.1/32")
				dialer.Blacklist = append(dialer.Blacklist, &lib.IPNet{IPNet: *forbidden})
			}
			u.v.root.addresses.lookup = lookup
			u.state.Options.DNS.Policy = types.NullDNSPolicy{DNSPolicy: c.policy, Valid: true}
			r := u.stream("http://gateway.test:"+port, `{}`)
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			if c.remark == "" {
				assert.Empty(t, r.Remarks)
				return
			}
			require.Equal(t, []string{ledger.RemarkAddress}, r.Remarks)
			assert.Contains(t, u.snapshot().Remarks[0].Example, c.remark)
			assert.Contains(t, u.snapshot().Remarks[0].Example, c.addresses[0])
			assert.Positive(t, r.Connect)
			var received float64
			for _, sample := range u.pushed() {
				if sample.Metric.Name == "data_received" {
					received += sample.Value
				}
			}
			assert.Positive(t, received, "k6 counts the bytes")
		})
	}
}

// blackHole is an address that drops who wants to connect: a listener whose queue is full. "" where it cannot be made.
func blackHole(t *testing.T, port string) string {
	const address = "127.0.0.9"
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = syscall.Close(fd) })
	n, _ := strconv.Atoi(port)
	if syscall.Bind(fd, &syscall.SockaddrInet4{Port: n, Addr: [4]byte{127, 0, 0, 9}}) != nil || syscall.Listen(fd, 0) != nil {
		return ""
	}
	for range 8 {
		c, err := net.DialTimeout("tcp", net.JoinHostPort(address, port), 100*time.Millisecond)
		if err != nil {
			return address
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	return ""
}

// A name's addresses were believed for a minute also where `dns.ttl` is 0: a gateway that had moved was not found there.
func TestAddressesAreBelievedNoLongerThanTheOptionHasIt(t *testing.T) {
	for ttl, lookups := range map[string]int{"0": 3, "5m": 1, "inf": 1, "": 1} {
		asked := 0
		known := addresses{lookup: func(string) ([]net.IP, error) {
			asked++
			return []net.IP{net.ParseIP("127.0.0.1")}, nil
		}}
		var dns types.DNSConfig
		dns.TTL.String = ttl
		for range 3 {
			assert.Len(t, known.of("gateway.test", dns), 1)
		}
		assert.Equal(t, lookups, asked, "ttl=%s", ttl)
	}
}
