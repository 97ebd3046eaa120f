package wire

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func via(t *testing.T, address string) *Via {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	v, err := NewVia(u)
	require.NoError(t, err)
	return v
}

func TestARequestThatIsForwardedNamesTheWholeAddressAndBringsTheLogin(t *testing.T) {
	to, err := ParseTarget("http://gateway:8080/v1/models?a=b")
	require.NoError(t, err)
	to.Through(via(t, "http://me:secret@proxy:3128"))
	head, err := AppendHead(nil, "GET", to, nil, "")
	require.NoError(t, err)
	assert.Equal(t, "GET http://gateway:8080/v1/models?a=b HTTP/1.1\r\nHost: gateway:8080\r\n"+
		"Proxy-Authorization: Basic bWU6c2VjcmV0\r\n", string(head))
	for _, address := range []string{"socks5://me:secret@proxy", ""} {
		to.Through(nil)
		if address != "" {
			to.Through(via(t, address))
		}
		head, _ = AppendHead(nil, "GET", to, nil, "")
		assert.Equal(t, "GET /v1/models?a=b HTTP/1.1\r\nHost: gateway:8080\r\n", string(head))
	}
}

func TestConnectTellsWhatTheProxyDid(t *testing.T) {
	for answer, says := range map[string]string{
		"HTTP/1.1 200 Connection established\r\n\r\n":                                   "",
		"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n":      "wants a login (407); it asks for NTLM, and only Basic can be sent",
		"HTTP/1.1 502 No\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\nContent-Length: 0\r\n\r\n": "answered 502 Bad Gateway (X-Squid-Error: ERR_DNS_FAIL 0)",
		"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1":                                               "sent bytes of its own",
		"":                                                                              "broke off CONNECT: it closed the connection",
		"SSH-2.0-OpenSSH\r\n\r\n":                                                       "broke off CONNECT: its answer is not HTTP",
	} {
		near, far := net.Pipe()
		go func() {
			request, err := http.ReadRequest(bufio.NewReader(far))
			if err == nil && request.Method == "CONNECT" && request.Host == "gateway:443" {
				_, _ = io.WriteString(far, answer)
			}
			_ = far.Close()
		}()
		to, err := ParseTarget("https://gateway/v1")
		require.NoError(t, err)
		v := via(t, "http://proxy")
		to.Through(v)
		_, err = v.open(context.Background(), near, to, nil)
		if says == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, says)
		proxy := (*ProxyError)(nil)
		assert.True(t, errors.As(err, &proxy), "it is the proxy's fault")
		assert.Contains(t, err.Error(), "the proxy http://proxy ")
	}
}

func TestASilentProxyIsGivenUpAtTheLimit(t *testing.T) {
	near, far := net.Pipe()
	defer func() { _ = far.Close() }()
	go func() { _, _ = io.Copy(io.Discard, far) }()
	to, _ := ParseTarget("https://gateway/v1")
	v := via(t, "http://proxy")
	to.Through(v)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := v.open(ctx, near, to, nil)
	require.ErrorContains(t, err, "it did not answer in time")
}
