package credentials

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Issued is a token and when it ends; the zero time: not known.
type Issued struct {
	Token string
	Ends  time.Time
	Again time.Duration // when it is to be asked for again, where it has no end
}

// keeper holds one token for all who send requests, and has the next one before it ends: one fetch at a time, however
// many wait for it.
type keeper struct {
	fetch func(ctx context.Context) (Issued, error)
	now   func() time.Time

	mu       sync.Mutex
	current  Issued
	fetched  time.Time     // when the current one was asked for
	fetching chan struct{} // closed when the fetch under way has ended; nil: none is
	err      error         // of the last fetch
	timer    *time.Timer
	stopped  bool

	view View
}

const (
	fetchLimit = 30 * time.Second // for one fetch
	longMargin = time.Minute      // a token is replaced so long before its end, or at half of its life
	retryAfter = time.Second      // after a fetch that failed
	patience   = 5 * time.Second  // of a request, where fetches fail
	shortest   = 10 * time.Millisecond
	pollEvery  = 50 * time.Millisecond
	suspectGap = time.Second // a token that was refused is asked for anew at most once in that time
)

// margin is how long before its end a token is replaced.
func margin(life time.Duration) time.Duration { return min(longMargin, life/2) }

// token is the one in hand, or the next one where there is none that still holds. `waited` tells that it was waited for.
// Where fetches fail, it is waited for as long as patience says.
func (k *keeper) token(ctx context.Context) (token string, waited bool, err error) {
	began := k.now()
	for {
		k.mu.Lock()
		if token = k.current.Token; token != "" && (k.current.Ends.IsZero() || k.now().Before(k.current.Ends)) {
			k.mu.Unlock()
			return token, waited, nil
		}
		if k.err != nil && k.now().Sub(began) > patience {
			err = k.err
			k.mu.Unlock()
			return "", true, err
		}
		var pause time.Duration
		var ended <-chan struct{}
		if k.err != nil && k.fetching == nil && waited { // the next try is planned
			pause = pollEvery
		} else {
			pause, ended = fetchLimit, k.begin()
		}
		k.mu.Unlock()
		waited = true
		select {
		case <-ended:
		case <-time.After(pause):
		case <-ctx.Done():
			return "", true, ctx.Err()
		}
	}
}

// begin starts a fetch unless one is under way; what it returns is closed at the end of it. The lock is held.
func (k *keeper) begin() <-chan struct{} {
	if k.fetching != nil {
		return k.fetching
	}
	done := make(chan struct{})
	k.fetching = done
	go func() {
		asked := k.now()
		ctx, cancel := context.WithTimeout(context.Background(), fetchLimit)
		defer cancel()
		issued, err := k.guarded(ctx)
		k.mu.Lock()
		defer k.mu.Unlock()
		k.took(issued, err, asked)
		k.fetching = nil
		close(done)
	}()
	return done
}

// guarded fetches; a fault of ours is an error of this fetch.
func (k *keeper) guarded(ctx context.Context) (issued Issued, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			err = fmt.Errorf("a fault of the instrument itself: %v", recovered)
		}
	}()
	issued, err = k.fetch(ctx)
	switch {
	case err != nil:
	case issued.Token == "":
		err = errors.New("what was given holds no token")
	case !issued.Ends.IsZero() && !k.now().Before(issued.Ends): // it would be asked for again without a pause
		err = fmt.Errorf("the token had already expired when it was given, %v before", k.now().Sub(issued.Ends).Round(time.Millisecond))
	}
	return issued, err
}

// took keeps what a fetch brought and plans the next one. The lock is held.
func (k *keeper) took(issued Issued, err error, asked time.Time) {
	k.err = err
	next := retryAfter
	if err != nil {
		k.view.Failed++
		k.view.Error = err.Error()
	} else {
		k.view.Fetched++
		k.current, k.fetched = issued, asked
		switch {
		case !issued.Ends.IsZero():
			next = issued.Ends.Sub(k.now())
			next -= margin(issued.Ends.Sub(asked))
		default:
			next = issued.Again
		}
	}
	if k.timer != nil {
		k.timer.Stop()
	}
	k.timer = time.AfterFunc(max(next, shortest), func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if !k.stopped {
			k.begin()
		}
	})
}

// suspect tells that a token was refused although it should still hold: it is asked for anew. It returns why the last
// fetch failed.
func (k *keeper) suspect(token string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	failing := k.err
	if token == k.current.Token && k.now().Sub(k.fetched) > suspectGap {
		k.begin()
	}
	return failing
}

// stop ends the fetches to come.
func (k *keeper) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stopped = true
	if k.timer != nil {
		k.timer.Stop()
	}
}
