// Package outcome is how a request ended.
package outcome

import "fmt"

// Outcome is how a request ended, as sse.d.ts names and explains it. A request has exactly one.
type Outcome string

// All outcomes that there are.
const (
	OK           Outcome = "ok"
	HTTP4xx      Outcome = "http_4xx"
	HTTP429      Outcome = "http_429"
	HTTP5xx      Outcome = "http_5xx"
	Connect      Outcome = "connect"       // no connection
	TimeoutFirst Outcome = "timeout_first" // no byte of the body in time
	TimeoutIdle  Outcome = "timeout_idle"  // nothing more came in time
	TimeoutTotal Outcome = "timeout_total"
	Truncated    Outcome = "truncated"    // the stream ended without a finish reason
	Empty        Outcome = "empty"        // an answer without content
	StreamError  Outcome = "stream_error" // the answer says that it failed
	Reset        Outcome = "reset"        // the connection broke
	Malformed    Outcome = "malformed"    // the answer is not what its protocol or the script wants
	Cancelled    Outcome = "cancelled"    // by us, as the script asked
	Interrupted  Outcome = "interrupted"  // the test ended first
)

// All lists them.
var All = []Outcome{
	OK, HTTP4xx, HTTP429, HTTP5xx, Connect, TimeoutFirst, TimeoutIdle, TimeoutTotal, Truncated, Empty, StreamError,
	Reset, Malformed, Cancelled, Interrupted,
}

// Good tells that the request did what it was sent for.
func (o Outcome) Good() bool { return o == OK || o == Cancelled }

// Bad tells that the target is to blame: it is neither good nor cut off by the end of the test.
func (o Outcome) Bad() bool { return !o.Good() && o != Interrupted }

// Timeout tells that a limit of the script's own passed.
func (o Outcome) Timeout() bool { return o == TimeoutFirst || o == TimeoutIdle || o == TimeoutTotal }

// Failure is an error that says how a request ended.
type Failure struct {
	Outcome  Outcome
	Sentence string
}

func (f *Failure) Error() string { return f.Sentence }

// Failed makes a Failure of a format and its arguments.
func Failed(o Outcome, format string, args ...any) *Failure {
	return &Failure{o, fmt.Sprintf(format, args...)}
}
