package sse

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The script names a text by number; what is sent is what the file holds, byte for byte, with its length in bytes.
func TestARequestsBodyHasTheStoredTextAsTheFileHasIt(t *testing.T) {
	var mu sync.Mutex
	var got []string
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.Equal(t, strconv.Itoa(len(body)), r.Header.Get("Content-Length"))
		mu.Lock()
		got = append(got, string(body))
		mu.Unlock()
		_, _ = w.Write([]byte(`{}`))
	}))
	defer target.Close()
	root := New()
	first := newVU(t, root, "")
	first.run(`var reads = 0
		const kept = () => sse.store('texts', () => { reads++; return '{"texts":["Größe","b\\n","c"]}' }, {list: 'texts'})['']`)
	assert.Equal(t, int64(3), first.run(`kept().count + 0 * kept().count`).ToInteger())
	assert.Equal(t, int64(1), first.run(`reads`).ToInteger())
	u := newVU(t, root, oneSecond)
	assert.Equal(t, `"b\n"`, u.run(`sse.storedText(1)`).String())
	assert.Equal(t, int64(0), u.run(`sse.storedNumber(1)`).ToInteger())
	require.ErrorContains(t, failing(u, `sse.storedText(3)`), "store() has kept")
	u.run(`const p = sse.prepare('` + target.URL + `', {expect: 'json', paths, timeouts})
		const asked = [{body: '{"a":', stored: 0, behind: '}'}, {body: '[', stored: 1, many: 3, behind: ']'}, {body: '1'}, {stored: 2}]
		let n = 0
		sse.serve(1, () => ({prepared: p, ...asked[n++ % asked.length]}), (r) => { r.settle() })`)
	mu.Lock()
	defer mu.Unlock()
	require.GreaterOrEqual(t, len(got), 4)
	assert.Equal(t, []string{`{"a":"Größe"}`, `["b\n","c","Größe"]`, `1`, `"c"`}, got[:4])
}

// failing is what a script throws.
func failing(u *testVU, script string) error {
	_, err := u.rt.VU.RuntimeField.RunString(script)
	return err
}
