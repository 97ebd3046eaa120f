// The yardstick of `npm run bench`: what a competent engineer writes to time SSE streams with nothing but Go's standard
// library. Streams begun at a steady rate over kept connections; lines are read through a bufio.Reader and stamped with
// time.Now() when they are read; a line with content counts. It knows no tags, no objectives, no timeline and no kernel
// timestamps.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

const (
	body  = `{"model":"null","messages":[{"role":"user","content":"Say something."}],"stream":true,"stream_options":{"include_usage":true}}`
	usage = `Times SSE streams of an OpenAI-style gateway; prints one line of JSON.
`
)

var (
	contentMark = []byte(`"content":"`) // what stands before the content of an event, with its first quote
	doneMark    = []byte("data: [DONE]")
)

// worker reads one stream after the other and keeps what it has measured. Durations are nanoseconds.
type worker struct {
	lines                 *bufio.Reader
	ttft, gap             []int64
	streams, lost, events int
	failure               string
}

// stream performs one request and books its times.
func (w *worker) stream(client *http.Client, url string) error {
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	sent := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	w.lines.Reset(response.Body)
	var last time.Time
	done := false
	for {
		line, err := w.lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if at := bytes.Index(line, contentMark); at >= 0 && line[at+len(contentMark)] != '"' {
			now := time.Now()
			if last.IsZero() {
				w.ttft = append(w.ttft, int64(now.Sub(sent)))
			} else {
				w.gap = append(w.gap, int64(now.Sub(last)))
			}
			w.events++
			last = now
		} else if bytes.HasPrefix(line, doneMark) {
			done = true
		}
	}
	if last.IsZero() || !done {
		return errors.New("the stream was cut off")
	}
	return nil
}

// figures are percentiles by nearest rank, in ms.
type figures struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
	Max   float64 `json:"max"`
}

func figuresOf(values []int64) figures {
	if len(values) == 0 {
		return figures{}
	}
	slices.Sort(values)
	at := func(percent int) float64 {
		return float64(values[max(0, (len(values)*percent+99)/100-1)]) / 1e6
	}
	return figures{len(values), at(50), at(95), at(99), at(100)}
}

func cpu() (seconds float64, maxRSS int64) {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9, int64(u.Maxrss) * 1024
}

func main() {
	flag.Usage = func() {
		fmt.Fprint(os.Stderr, usage)
		flag.PrintDefaults()
	}
	base := flag.String("base", "", "the gateway, as an OpenAI client's base URL")
	rate := flag.Float64("rate", 10, "streams begun per second")
	burst := flag.Int("burst", 1, "streams begun in the same instant; the rate stays")
	length := flag.Duration("duration", 10*time.Second, "streams are begun for so long; those that run then are read to their end")
	member := flag.String("member", "content", "the member of an event that holds what counts as content")
	ca := flag.String("ca", "", "the file with the authority of the gateway's certificate")
	http2 := flag.Bool("http2", false, "HTTP/2 over TLS")
	flag.Parse()
	contentMark = []byte(`"` + *member + `":"`)
	if *base == "" || flag.NArg() > 0 || *rate <= 0 || *burst < 1 {
		flag.Usage()
		os.Exit(2)
	}

	transport := &http.Transport{MaxIdleConnsPerHost: 100_000, DisableCompression: true, ForceAttemptHTTP2: *http2}
	if *ca != "" {
		pem, err := os.ReadFile(*ca)
		roots := x509.NewCertPool()
		if err != nil || !roots.AppendCertsFromPEM(pem) {
			fmt.Fprintln(os.Stderr, "-ca: no certificate can be read there:", err)
			os.Exit(2)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	client := &http.Client{Transport: transport}
	url := *base + "/chat/completions"
	began := time.Now()
	cpuBegan, _ := cpu()
	var all sync.WaitGroup
	var workers []*worker
	idle := make(chan *worker, 100_000)
	for i := range int(*rate * length.Seconds()) {
		due := began.Add(time.Duration(float64(i / *burst * *burst) / *rate * float64(time.Second)))
		time.Sleep(time.Until(due))
		var w *worker
		select {
		case w = <-idle:
		default:
			w = &worker{lines: bufio.NewReaderSize(nil, 4096)}
			workers = append(workers, w)
		}
		all.Add(1)
		go func() {
			defer all.Done()
			if err := w.stream(client, url); err != nil {
				w.lost++
				w.failure = err.Error()
			} else {
				w.streams++
			}
			idle <- w
		}()
	}
	all.Wait()
	cpuEnded, rss := cpu()

	var sum worker
	for _, w := range workers {
		sum.ttft, sum.gap = append(sum.ttft, w.ttft...), append(sum.gap, w.gap...)
		sum.streams, sum.lost, sum.events = sum.streams+w.streams, sum.lost+w.lost, sum.events+w.events
		sum.failure = max(sum.failure, w.failure)
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{
		"ttft": figuresOf(sum.ttft), "gap": figuresOf(sum.gap), "streams": sum.streams, "lost": sum.lost, "failure": sum.failure, "events": sum.events,
		"most_in_flight": len(workers), "cpu_seconds": cpuEnded - cpuBegan, "wall_seconds": time.Since(began).Seconds(), "max_rss_bytes": rss,
	})
}
