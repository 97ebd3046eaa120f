//go:build linux && (amd64 || arm64)

package wire

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Twenty users without pause made 0.81 times the requests of k6's own client: each waited for the next round.
func TestRoundsAreShortWhereUsersWaitForThemAndDoNotGoBackAndForth(t *testing.T) {
	now := roundLength
	for _, each := range []struct {
		users int64
		want  time.Duration
	}{
		{200, roundLength}, {2000, roundLength}, {4000, shortRound}, {2000, shortRound}, {1000, roundLength},
	} {
		now = roundFor(now, each.users)
		assert.Equal(t, each.want, now, each.users)
	}
}
