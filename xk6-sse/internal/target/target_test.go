package target

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

func ask(t *testing.T, s Settings, method, path, body string) (int, string) {
	t.Helper()
	server := httptest.NewServer(Handler(s))
	defer server.Close()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

var quick = Settings{TTFT: time.Millisecond, Gap: time.Microsecond, Tokens: 5}

func TestAStreamHasItsTokensAFinishReasonTheUsageThatWasAskedForAndAnEnd(t *testing.T) {
	body := `{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}`
	status, text := ask(t, quick, http.MethodPost, "/api/v1/chat/completions", body)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 5, strings.Count(text, `"content":" word"`))
	require.Equal(t, 1, strings.Count(text, `"finish_reason":"stop"`))
	require.Contains(t, text, `"completion_tokens":5`)
	require.True(t, strings.HasSuffix(text, "data: [DONE]\n\n"))

	_, text = ask(t, quick, http.MethodPost, "/v1/chat/completions", `{"stream":true,"max_tokens":2,"messages":[{}]}`)
	require.Equal(t, 2, strings.Count(text, `"content":" word"`))
	require.Contains(t, text, `"finish_reason":"length"`)
	require.NotContains(t, text, "usage")
}

func TestWholeAnswersEmbeddingsAndModels(t *testing.T) {
	_, text := ask(t, quick, http.MethodPost, "/v1/chat/completions", `{"model":"m","messages":[{"content":"hi"}]}`)
	require.Equal(t, " word word word word word", gjson.Get(text, "choices.0.message.content").String())
	require.Equal(t, int64(5), gjson.Get(text, "usage.completion_tokens").Int())

	_, text = ask(t, quick, http.MethodPost, "/v1/embeddings", `{"model":"m","input":["a","b"]}`)
	require.Equal(t, int64(2), gjson.Get(text, "data.#").Int())
	require.Equal(t, int64(dimensions), gjson.Get(text, "data.1.embedding.#").Int())

	_, text = ask(t, quick, http.MethodGet, "/v1/models", "")
	require.Equal(t, `["claude_3_haiku","cohere_english_v3"]`, gjson.Get(text, "data.#.id").Raw)
}

func TestWhatItDoesNotKnowIsRefusedInWords(t *testing.T) {
	for _, each := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{http.MethodGet, "/v1/files", "", http.StatusNotFound, "there are /models, /chat/completions and /embeddings here"},
		{http.MethodPost, "/v1/chat/completions", "{", http.StatusBadRequest, "the body is not the JSON"},
		{http.MethodPost, "/v1/chat/completions", "{}", http.StatusBadRequest, "messages are missing"},
		{http.MethodPost, "/v1/embeddings", `{"input":[]}`, http.StatusBadRequest, "input is missing"},
		{
			http.MethodPost, "/v1/embeddings", `{"input":"` + strings.Repeat("x", requestAtMost) + `"}`,
			http.StatusRequestEntityTooLarge, "a request has at most 16777216 bytes here",
		},
	} {
		status, text := ask(t, quick, each.method, each.path, each.body)
		require.Equal(t, each.status, status, each.path)
		require.Contains(t, gjson.Get(text, "error.message").String(), each.says)
	}
	require.EqualError(t, Settings{Tokens: 0}.check(), "--tokens 0 is wrong: a whole number from 1 to 100000 is wanted")
}

func TestAnAddressThatIsInUseOrNotAllowedIsSaidWithWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	address := taken.Addr().String()
	_, err = net.Listen("tcp", address)
	require.EqualError(t, cannotListen(address, err), address+" is already in use by another program: choose another one with "+
		"--address HOST:PORT, and give it to the scripts with -e BASE_URL=http://HOST:PORT/api/v1 (port 0 takes any free one)")

	denied := &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EACCES)}
	require.ErrorContains(t, cannotListen("127.0.0.1:443", denied), "may not listen at 127.0.0.1:443, since ports below 1024 need")
	_, err = net.Listen("tcp", "127.0.0.1:http-not-a-port")
	require.ErrorContains(t, cannotListen("127.0.0.1:http-not-a-port", err), "cannot listen at 127.0.0.1:http-not-a-port: ")
}
