package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// issuer gives numbered tokens that live so long.
type issuer struct {
	life    time.Duration
	asked   atomic.Int64
	atOnce  atomic.Int64
	most    atomic.Int64
	fails   atomic.Bool
	takes   time.Duration
	started sync.Map // token -> when it ends
}

func (s *issuer) fetch(context.Context) (Issued, error) {
	n := s.asked.Add(1)
	if now := s.atOnce.Add(1); now > s.most.Load() {
		s.most.Store(now)
	}
	defer s.atOnce.Add(-1)
	time.Sleep(s.takes)
	if s.fails.Load() {
		return Issued{}, errors.New("no tokens today")
	}
	token, ends := "token-"+string(rune('a'+n-1)), time.Now().Add(s.life)
	s.started.Store(token, ends)
	return Issued{Token: token, Ends: ends}, nil
}

func keep(t *testing.T, s *issuer) *keeper {
	k := &keeper{fetch: s.fetch, now: time.Now}
	t.Cleanup(k.stop)
	return k
}

func TestAHundredWhoWaitForTheFirstTokenCauseOneFetch(t *testing.T) {
	s := &issuer{life: time.Hour, takes: 20 * time.Millisecond}
	k := keep(t, s)
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			token, _, err := k.token(t.Context())
			assert.NoError(t, err)
			assert.Equal(t, "token-a", token)
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, s.asked.Load())
}

func TestATokenIsReplacedBeforeItEndsAndNobodyWaitsForThat(t *testing.T) {
	s := &issuer{life: 300 * time.Millisecond}
	k := keep(t, s)
	_, _, err := k.token(t.Context())
	require.NoError(t, err)
	for until := time.Now().Add(time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		token, _, err := k.token(t.Context())
		require.NoError(t, err)
		ends, known := s.started.Load(token)
		require.True(t, known)
		assert.True(t, time.Now().Before(ends.(time.Time)), "%s had ended", token)
	}
	assert.EqualValues(t, 1, s.most.Load(), "fetches at once")
	assert.GreaterOrEqual(t, s.asked.Load(), int64(3))
	assert.Less(t, s.asked.Load(), int64(20))
}

func TestWhereFetchesFailTheOldTokenServesToItsEndAndThenTheReasonIsTold(t *testing.T) {
	s := &issuer{life: 300 * time.Millisecond}
	k := keep(t, s)
	_, _, err := k.token(t.Context())
	require.NoError(t, err)
	s.fails.Store(true)
	token, waited, err := k.token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "token-a", token)
	assert.False(t, waited)
	began := time.Now()
	for { // 200 requests a second that each ask for a token must not become 200 fetches a second
		if _, _, err = k.token(t.Context()); err != nil {
			break
		}
	}
	assert.ErrorContains(t, err, "no tokens today")
	assert.Less(t, float64(s.asked.Load()), 4+2*time.Since(began).Seconds())
}

// A token that had ended when it came was asked for again at once, and again: a process, or a request, every few
// milliseconds, while nobody was told why no request went out.
func TestATokenThatHasEndedWhenItComesIsAnErrorAndNotAskedForWithoutPause(t *testing.T) {
	s := &issuer{life: -time.Hour}
	k := keep(t, s)
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
	defer cancel()
	_, _, err := k.token(ctx)
	assert.ErrorContains(t, err, "already expired when it was given, 1h0m0")
	assert.Less(t, float64(s.asked.Load()), 3+2*time.Since(began).Seconds())
}

func TestARefusedTokenIsAskedForAnewOnce(t *testing.T) {
	s := &issuer{life: time.Hour}
	k := keep(t, s)
	token, _, err := k.token(t.Context())
	require.NoError(t, err)
	require.NoError(t, k.suspect(token)) // too young: what was refused may be the target's clock
	k.mu.Lock()
	k.fetched = k.fetched.Add(-2 * suspectGap)
	k.mu.Unlock()
	for range 10 {
		require.NoError(t, k.suspect(token))
	}
	require.Eventually(t, func() bool {
		now, _, _ := k.token(t.Context())
		return now == "token-b"
	}, time.Second, time.Millisecond)
	assert.EqualValues(t, 2, s.asked.Load())
}

func TestAFileIsReadAgainAndItsLastGoodTokenServes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(path, []byte("one\n"), 0o600))
	c, err := New(Spec{Header: "api-key", File: path})
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	read := func() string {
		headers, _, err := c.Headers(t.Context(), Request{})
		require.NoError(t, err)
		return headers[0].Value
	}
	assert.Equal(t, "one", read())
	require.NoError(t, os.WriteFile(path, []byte("two"), 0o600))
	require.Eventually(t, func() bool { return read() == "two" }, 5*time.Second, 10*time.Millisecond)
	require.NoError(t, os.Remove(path))
	time.Sleep(1100 * time.Millisecond) // it has been looked for once at least
	assert.Equal(t, "two", read())
}

func TestWhatAFileOrACommandGives(t *testing.T) {
	for content, want := range map[string]string{
		"abc\n":                                  "abc",
		`{"access_token":"x","expires_in":3600}`: "x",
		`{"token":"y"}`:                          "y",
	} {
		issued, err := tokenIn([]byte(content))
		assert.NoError(t, err)
		assert.Equal(t, want, issued.Token)
		assert.Equal(t, strings.Contains(content, "expires_in"), !issued.Ends.IsZero())
	}
	for _, life := range []string{"1e300", "9e18", "0", "-1"} { // as nanoseconds they were a time in the past
		issued, err := tokenIn([]byte(`{"access_token":"x","expires_in":` + life + `}`))
		assert.NoError(t, err)
		assert.True(t, issued.Ends.IsZero(), life)
	}
	for _, content := range []string{"", "two words", "{", `{"other":1}`, "a\nb", strings.Repeat("x", tokenSize+1)} {
		_, err := tokenIn([]byte(content))
		assert.Error(t, err, content)
	}
}

func TestACommandRunsWithoutAShellAndItsFailureIsToldWithoutWhatItWrote(t *testing.T) {
	issued, err := commandToken([]string{"printf", "%s", "$HOME;a"}, time.Minute)(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "$HOME;a", issued.Token)
	_, err = commandToken([]string{"sh", "-c", "echo secret; echo why >&2; exit 3"}, 0)(t.Context())
	assert.ErrorContains(t, err, "the command sh failed: exit status 3: why")
	assert.NotContains(t, err.Error(), "secret")
}

func TestClientCredentialsAreAskedForAsRFC6749SaysAndTheirSecretIsNeverTold(t *testing.T) {
	refuse := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, secret, ok := r.BasicAuth()
		assert.NoError(t, r.ParseForm())
		if refuse || !ok || id != "client" || secret != "s3cret" || r.Form.Get("grant_type") != "client_credentials" ||
			r.Form.Get("scope") != "a b" || r.Form.Get("audience") != "gateway" {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":"invalid_client","error_description":"who is s3cret?"}`))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"t","token_type":"bearer","expires_in":5}`))
	}))
	defer server.Close()
	c, err := New(Spec{Header: "Authorization", Prefix: "Bearer ", OAuth: &OAuth{
		URL: server.URL, ID: "client", Secret: "s3cret", Scopes: []string{"a", "b"}, Audience: "gateway",
	}})
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	headers, _, err := c.Headers(t.Context(), Request{})
	require.NoError(t, err)
	assert.Equal(t, []wire.Header{{Name: "Authorization", Value: "Bearer t"}}, headers)
	assert.InDelta(t, 5, time.Until(c.keeper.current.Ends).Seconds(), 1)
	refuse = true
	_, err = c.keeper.fetch(t.Context())
	assert.ErrorContains(t, err, "status 401: invalid_client")
	assert.NotContains(t, err.Error(), "s3cret")
}

// The signature is that of AWS' own signer over the request as it is received.
func TestSigV4SignsWhatIsSent(t *testing.T) {
	to, err := wire.ParseTarget("https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1/chat/completions?a=b%20c")
	require.NoError(t, err)
	c, err := New(Spec{SigV4: &SigV4{Region: "us-east-1", Service: "bedrock", AccessKeyID: "AK", SecretKey: "SK", SessionToken: "ST"}})
	require.NoError(t, err)
	body := `{"a":1}`
	headers, _, err := c.Headers(t.Context(), Request{Method: "POST", To: to, Type: "application/json", Body: body})
	require.NoError(t, err)
	got := map[string]string{}
	for _, h := range headers {
		got[h.Name] = h.Value
	}
	at, err := time.Parse("20060102T150405Z", got["X-Amz-Date"])
	require.NoError(t, err)
	received, err := http.NewRequest("POST", to.URL.String(), strings.NewReader(body))
	require.NoError(t, err)
	received.Header.Set("Content-Type", "application/json")
	keys := aws.Credentials{AccessKeyID: "AK", SecretAccessKey: "SK", SessionToken: "ST"}
	const hash = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862" // sha256sum of the body
	require.NoError(t, v4.NewSigner().SignHTTP(t.Context(), keys, received, hash, "bedrock", "us-east-1", at))
	assert.Equal(t, received.Header.Get("Authorization"), got["Authorization"])
	assert.Equal(t, "ST", got["X-Amz-Security-Token"])
}

func TestSigV4TakesKeysThatACommandRenews(t *testing.T) {
	exported, err := json.Marshal(map[string]any{
		"Version": 1, "AccessKeyId": "AK2", "SecretAccessKey": "SK2", "SessionToken": "ST2",
		"Expiration": time.Now().Add(time.Hour).Format(time.RFC3339),
	})
	require.NoError(t, err)
	c, err := New(Spec{Command: []string{"printf", "%s", string(exported)}, SigV4: &SigV4{Region: "r", Service: "s"}})
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	to, err := wire.ParseTarget("http://127.0.0.1/x")
	require.NoError(t, err)
	headers, _, err := c.Headers(t.Context(), Request{Method: "GET", To: to})
	require.NoError(t, err)
	assert.Contains(t, headers[0].Value, "Credential=AK2/")
	assert.InDelta(t, 3600, time.Until(c.keeper.current.Ends).Seconds(), 2)
}

func TestCredentialsThatCannotBeAreRefused(t *testing.T) {
	for _, spec := range []Spec{
		{}, {Header: "x"}, {File: "a"}, {Header: "x", File: "a", Command: []string{"b"}}, {SigV4: &SigV4{Region: "r"}},
	} {
		_, err := New(spec)
		assert.Error(t, err)
	}
}

// A target answered 401 to a token that nobody could renew, and the run said FAIL: it was the authorization's fault.
func TestARefusedTokenThatCouldNotBeRenewedTellsWhy(t *testing.T) {
	fails := false
	k := &keeper{now: time.Now, fetch: func(context.Context) (Issued, error) {
		if fails {
			return Issued{}, errors.New("no login")
		}
		return Issued{Token: "a", Again: time.Hour}, nil
	}}
	t.Cleanup(k.stop)
	token, _, err := k.token(t.Context())
	require.NoError(t, err)
	k.mu.Lock()
	fails = true
	ended := k.begin()
	k.mu.Unlock()
	<-ended
	assert.ErrorContains(t, k.suspect(token), "no login")
}
