package sse

import "sync"

// idle keeps the connections that no request is using. The last one given back is taken first, so that there are only
// as many as there are requests at a time, however many users take turns.
type idle struct {
	mu    sync.Mutex
	conns map[string][]*conn // by scheme and host
}

func (p *idle) take(key string) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	conns := p.conns[key]
	if len(conns) == 0 {
		return nil
	}
	last := conns[len(conns)-1]
	p.conns[key] = conns[:len(conns)-1]
	return last
}

func (p *idle) put(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conns == nil {
		p.conns = map[string][]*conn{}
	}
	p.conns[c.key] = append(p.conns[c.key], c)
}

func (p *idle) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conns := range p.conns {
		for _, c := range conns {
			c.close()
		}
	}
	clear(p.conns)
}
