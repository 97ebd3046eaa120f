//go:build linux && (amd64 || arm64)

package wire

// drive has the poller call step, so an event costs no wake-up of a goroutine, and code and stack stay warm from socket
// to socket: a tenth of all the CPU.
func (s *socket) drive(step func() bool) {
	s.turn.Lock()
	select {
	case <-s.ready: // the poller has told of more since the last read, and will not tell it again
		s.drained = false
	default:
	}
	s.step = step
	for s.advance(); s.more; s.advance() { // what has come until here: the poller tells only what comes from now on
		s.turn.Unlock()
		s.turn.Lock()
		if s.step == nil { // the poller has come to its end meanwhile
			break
		}
	}
	s.turn.Unlock()
	<-s.stepped
}

// fairReads is how often a driven socket is read in one turn. The poller has others to look after: a target that sends
// faster than we read had it to itself until its time-out, and the good streams of other targets were told to be silent.
const fairReads = 32

// poke tells that the socket is worth a look. It tells whether it is to be poked again when the others have had theirs.
func (s *socket) poke() bool {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.step == nil {
		s.rouse()
		s.poller.woken++
		return false
	}
	s.drained = false
	s.advance()
	if s.step == nil {
		s.poller.woken++
	}
	return s.more
}

func (s *socket) advance() {
	s.reads, s.more = 0, false
	if !s.step() {
		s.more = false
		s.step = nil
		s.stepped <- struct{}{}
	}
}
