package sse

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

// What is blocked, broken, slow and in pieces is read the same by the poller of our own and by the runtime's.
func TestAllOnThePlainMachinery(t *testing.T) {
	testkit.OnPlainMachinery(t, "TestRefuse|TestScriptForXk6SSE|TestSignals|TestSecondSignal|TestGracefulStop|TestFirstTokenAndFirstOutput")
}

func TestTheInstrumentTellsWhichMachineryIsUsed(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	i := u.snapshot().Instrument
	assert.Equal(t, i.Clock == "kernel", i.Poller == "epoll")
	assert.Contains(t, []string{"epoll", "runtime"}, i.Poller)
	assert.Contains(t, []string{"timerfd", "runtime"}, i.Timer)
	if os.Getenv("XK6_SSE_PLAIN") != "" {
		assert.Equal(t, []string{"read", "runtime", "runtime"}, []string{i.Clock, i.Poller, i.Timer})
	}
}
