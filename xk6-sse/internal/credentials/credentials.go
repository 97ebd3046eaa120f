// Package credentials authenticates requests whose proof changes while a load runs: tokens of a file, of a command or of
// an authorization server (keeper.go: one token for all, replaced before it ends), and signatures of AWS (sigv4.go). A
// key that stays the same is a header of the request's own and needs none of this.
package credentials

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// Spec is what configure() is told.
type Spec struct {
	Header  string   `json:"header"` // of a token
	Prefix  string   `json:"prefix"` // before it
	File    string   `json:"file"`
	Command []string `json:"command"`
	Every   float64  `json:"every"` // seconds between two runs of the command
	OAuth   *OAuth   `json:"oauth"`
	SigV4   *SigV4   `json:"sigv4"`
}

// View is what became of the tokens.
type View struct {
	Fetched int64   `json:"fetched"`
	Failed  int64   `json:"failed"`
	Error   string  `json:"error"`   // the last one
	Waits   int64   `json:"waits"`   // requests that waited for a token
	Longest float64 `json:"longest"` // of those, ms
}

// Request is what is authenticated.
type Request struct {
	Method string
	To     *wire.Target
	Type   string // of the content
	Body   string
}

// Credentials authenticate the requests of all VUs.
type Credentials struct {
	spec   Spec
	keeper *keeper // nil: nothing changes
	client atomic.Pointer[http.Client]
	once   sync.Once
	signer *signer

	mu      sync.Mutex
	waits   int64
	longest time.Duration
}

// New makes them. The error is for whoever wrote the script.
func New(spec Spec) (*Credentials, error) {
	c := &Credentials{spec: spec}
	sources := 0
	use := func(fetch func(context.Context) (Issued, error)) {
		sources++
		c.keeper = &keeper{fetch: fetch, now: time.Now}
	}
	if spec.File != "" {
		use(fileToken(spec.File))
	}
	if len(spec.Command) > 0 {
		use(commandToken(spec.Command, time.Duration(spec.Every*float64(time.Second))))
	}
	if spec.OAuth != nil {
		use(spec.OAuth.token(&c.client))
	}
	if spec.SigV4 != nil {
		c.signer = newSigner(*spec.SigV4)
	}
	if sources > 1 || sources == 0 && (c.signer == nil || !c.signer.static()) {
		return nil, errors.New("credentials take one of file, command, oauth, and sigv4 with its keys")
	}
	if c.signer == nil && spec.Header == "" {
		return nil, errors.New("credentials need the header that a token is sent in")
	}
	return c, nil
}

// Through has tokens fetched by a client; the first one counts, and no other is made.
func (c *Credentials) Through(client func() *http.Client) {
	c.once.Do(func() { c.client.Store(client()) })
}

// Headers are those that authenticate a request, sent right after. It waits where no token holds; `token` is what was
// used, for Suspect.
func (c *Credentials) Headers(ctx context.Context, r Request) (headers []wire.Header, token string, err error) {
	if c.keeper != nil {
		began := time.Now()
		waited := false
		if token, waited, err = c.keeper.token(ctx); err != nil {
			return nil, "", fmt.Errorf("no token: %w", err)
		}
		if waited {
			c.waited(time.Since(began))
		}
	}
	if c.signer != nil {
		headers, err = c.signer.sign(ctx, r, token)
		return headers, token, err
	}
	return []wire.Header{{Name: c.spec.Header, Value: c.spec.Prefix + token}}, token, nil
}

func (c *Credentials) waited(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits++
	c.longest = max(c.longest, d)
}

// Suspect tells that the target refused a token. `failing` is why the last fetch of a token failed: the one that was
// refused had not been renewed then; nil: it was.
func (c *Credentials) Suspect(token string) (failing error) {
	if c.keeper == nil {
		return nil
	}
	return c.keeper.suspect(token)
}

// Stop ends what goes on in the background.
func (c *Credentials) Stop() {
	if c.keeper != nil {
		c.keeper.stop()
	}
}

// View tells what became of the tokens.
func (c *Credentials) View() View {
	view := View{}
	if c.keeper != nil {
		c.keeper.mu.Lock()
		view = c.keeper.view
		c.keeper.mu.Unlock()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	view.Waits, view.Longest = c.waits, float64(c.longest)/float64(time.Millisecond)
	return view
}
