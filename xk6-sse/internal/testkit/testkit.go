// Package testkit serves the tests of the other packages alone.
package testkit

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

// Soon is how long the tests wait for what must happen.
const Soon = 10 * time.Second

// Descriptors counts the open ones of this process.
func Descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc here")
	}
	return len(list)
}

// NoMoreThan waits until there are no more goroutines and descriptors than that.
func NoMoreThan(t *testing.T, goroutines, open int) {
	t.Helper()
	left := func() bool { return runtime.NumGoroutine() > goroutines || Descriptors(t) > open }
	for end := time.Now().Add(Soon); left() && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if left() {
		var stacks strings.Builder
		_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
		t.Fatalf("%d goroutines were %d, %d descriptors were %d\n%s", runtime.NumGoroutine(), goroutines,
			Descriptors(t), open, stacks.String())
	}
}

// plain has every choice of machinery fall on the one that works everywhere.
var plain = []string{"K6_SSE_CLOCK=read", "K6_SSE_TIMER=runtime"}

// OnPlainMachinery runs all tests of this test binary once more, in a process of its own where the platform's special
// machinery is turned off. `but` is a pattern of tests that are left out.
func OnPlainMachinery(t *testing.T, but string) {
	t.Helper()
	if os.Getenv("XK6_SSE_PLAIN") != "" {
		t.Skip("this is that run")
	}
	skip := t.Name()
	if but != "" {
		skip += "|" + but
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.skip", skip, "-test.timeout", "5m")
	again.Env = append(append(os.Environ(), "XK6_SSE_PLAIN=1"), plain...)
	if out, err := again.CombinedOutput(); err != nil {
		t.Fatalf("on the plain machinery (%s): %v\n%s", strings.Join(plain, " "), err, out)
	}
}
