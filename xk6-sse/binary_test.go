package sse

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// binary builds k6 with the extension, once.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "xk6-sse-*")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "k6")
	out, err := exec.Command("go", "build", "-o", path, "./cmd/k6").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// k6 runs a script with the binary and returns its exit code and what it wrote. `meanwhile` may be nil.
func k6(t *testing.T, script string, meanwhile func(*os.Process), args ...string) (code int, stdout, stderr string) {
	t.Helper()
	path, err := binary()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "script.js")
	require.NoError(t, os.WriteFile(file, []byte(script), 0o600))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if len(args) == 0 {
		args = []string{"run", "--quiet", "--no-usage-report"}
	}
	cmd := exec.CommandContext(ctx, path, append(args, file)...)
	cmd.Env = append(os.Environ(), "K6_AUTO_EXTENSION_RESOLUTION=false")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Start())
	if meanwhile != nil {
		meanwhile(cmd.Process)
	}
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestRefuseSaysTheSentenceAlone(t *testing.T) {
	script := `import * as sse from 'k6/x/sse'; sse.refuse('RATE is "x": a number above 0 is wanted'); export default function () {}`
	for _, command := range []string{"run", "inspect"} {
		code, stdout, stderr := k6(t, script, nil, command)
		assert.Equal(t, 104, code, command)
		assert.Equal(t, "RATE is \"x\": a number above 0 is wanted\n", stderr, command)
		assert.Empty(t, stdout, command)
	}
}

func TestScriptForXk6SSERuns(t *testing.T) {
	var connections atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/fail":
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = fmt.Fprint(w, "data: no event\n\n")
		case "/break":
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = fmt.Fprint(w, "data: a\n\n")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		default:
			cookie, _ := r.Cookie("c")
			body := new(bytes.Buffer)
			_, _ = body.ReadFrom(r.Body)
			w.Header().Set("Content-Type", "text/event-stream")
			w.Header().Set(
				"X-Seen",
				strings.TrimSpace(fmt.Sprint(r.Method, " ", body, " ", r.Header.Get("X-A"), " ", cookie)),
			)
			_, _ = fmt.Fprint(
				w,
				": hello\n\nid: 1\nevent: first\ndata: one\ndata: two\n\nretry: 5\r\ndata\r\n\r\ndata: last\r\r",
			)
		}
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	script := `
import sse from 'k6/x/sse';
import http from 'k6/http';
export const options = { iterations: 1, thresholds: { sse_event: ['count==11'], http_reqs: ['count==6'], http_req_failed: ['rate>0.33', 'rate<0.34'] } };
const url = '` + srv.URL + `';
function talk(url, params) {
	const log = [];
	const setup = (client) => {
		client.on('open', () => log.push('open'));
		client.on('event', (e) => { log.push([e.id, e.name, e.data, e.comment].join('|')); if (e.data === params.until) client.close(); });
		client.on('error', (e) => log.push('error ' + (e.error().length > 0)));
	};
	const r = params.none ? sse.open(url, setup) : sse.open(url, params, setup);
	return log.join(';') + ' ' + r.status + ' ' + r.url + ' ' + r.headers['X-Seen'] + ' ' + (r.error !== '');
}
export default function () {
	const jar = new http.CookieJar();
	jar.set(url, 'c', 'd');
	console.log('A ' + talk(url, { none: true }));
	console.log('B ' + talk(url, { method: 'POST', body: 'b', headers: { 'X-A': 'h' }, tags: { t: 'x' }, jar, timeout: '5s' }));
	console.log('C ' + talk(url, { timeout: 5000, until: 'one\ntwo' }));
	console.log('D ' + talk(url + '/fail', {}));
	console.log('E ' + talk(url + '/break', {}));
	console.log('F ' + talk('http://127.0.0.1:1', {}));
	try { sse.open(url); } catch (e) { console.log('G ' + e); }
}`
	code, stdout, stderr := k6(t, script, nil)
	all := `open;|||hello;1|first|one\ntwo|;|||;||last| 200 ` + srv.URL
	for _, want := range []string{
		"A " + all + " GET", "B " + all + " POST b h c=d false",
		`C open;|||hello;1|first|one\ntwo| 200 `, "D open 500 ", "E open;||a|;error true 200 ", "F error true 0  undefined true", "G ",
	} {
		assert.Contains(t, strings.ReplaceAll(stderr, `\\n`, `\n`), want)
	}
	assert.Equal(t, 0, code, stdout+stderr)
	assert.LessOrEqual(t, connections.Load(), int64(3), "kept connections are used again")
}

const endless = `
import * as sse from 'k6/x/sse';
export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 5, iterations: 1, maxDuration: __ENV.MAX || '60s', gracefulStop: '1s' } } };
sse.configure({ metrics: [{ name: 'llm_started', type: 'counter', on: 'start' }], slotSeconds: 1, gapSamples: 1,
	schedule: { arrivals: 'constant', seed: 1, segments: [{ phase: 'a', from: 100, to: 100, seconds: 60 }] } });
const paths = { content: ['c'], reasoning: [], toolCalls: [], finish: ['f'], promptTokens: [], completionTokens: [], error: [], done: '' };
export default function () {
	const timeouts = { first: 60000, idle: 60000, total: 60000 };
	const prepared = sse.prepare('URL', { expect: 'stream', paths, timeouts });
	sse.serve(1, () => ({ prepared }), (r) => r.settle());
}
export function teardown() { const s = sse.snapshot(); console.log('teardown ' + [s.started, s.interrupted, s.open, s.lost, s.signal].join(' ')); }
export function handleSummary(d) { return { stdout: 'summary ' + d.metrics.llm_started.values.count }; }
`

// A terminal that is closed (SIGHUP) killed k6, and hours of measuring were lost with it.
func TestSignals(t *testing.T) {
	for name, signal := range map[string]syscall.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM, "SIGHUP": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			var busy sync.WaitGroup
			busy.Add(5)
			url := server(t, func(c net.Conn) {
				saying(sseHead + "data: {\"c\":\"x\"}\n\n")(c)
				busy.Done()
				untilGone(c)
			})
			script := strings.ReplaceAll(endless, "URL", url)
			code, stdout, stderr := k6(t, script, func(p *os.Process) {
				busy.Wait()
				_ = p.Signal(signal)
			})
			assert.Equal(t, 105, code, stderr)
			assert.Contains(t, stderr, "teardown 5 5 0 0 "+name)
			assert.Contains(t, stdout, "summary 5")
		})
	}
}

func TestSecondSignalStopsAtOnce(t *testing.T) {
	url := server(t, untilGone)
	begun := filepath.Join(t.TempDir(), "begun")
	script := strings.ReplaceAll(endless, "URL", url) + `
export function setup() { sse.writeFiles('` + filepath.Dir(begun) + `', { begun: '' }); }`
	script = strings.Replace(script, "console.log('teardown", "while (true) {} console.log('teardown", 1)
	code, stdout, _ := k6(t, script, func(p *os.Process) {
		for _, err := os.Stat(begun); err != nil; _, err = os.Stat(begun) {
			time.Sleep(time.Millisecond)
		}
		_ = p.Signal(syscall.SIGTERM)
		time.Sleep(500 * time.Millisecond)
		_ = p.Signal(syscall.SIGTERM)
	})
	assert.Equal(t, 105, code)
	assert.NotContains(t, stdout, "summary")
}

func TestGracefulStopInterrupts(t *testing.T) {
	url := server(t, then(sseHead+"data: {\"c\":\"x\"}\n\n", untilGone))
	script := strings.ReplaceAll(strings.ReplaceAll(endless, "URL", url), "__ENV.MAX || '60s'", "'1s'")
	code, _, stderr := k6(t, script, nil)
	assert.Equal(t, 0, code, stderr)
	assert.Contains(t, stderr, "teardown 5 5 0 0 ")
}
