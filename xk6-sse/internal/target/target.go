// Package target is `k6 x sse-target`: a static stand-in for an LLM gateway inside k6 itself, so that a machine with this
// one program can try the scripts. It answers what any OpenAI client may ask (chat, streamed and whole; embeddings;
// models) with the same words and the same times always. It is no simulator: it has no faults, quotas or providers.
package target

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Settings are what each answer is like.
type Settings struct {
	TTFT   time.Duration // until the first token
	Gap    time.Duration // between two tokens
	Tokens int           // of an answer, at most what max_tokens says
}

func (s Settings) check() error {
	switch {
	case s.TTFT < 0 || s.TTFT > time.Minute:
		return fmt.Errorf("--ttft %s is wrong: a duration up to 1m is wanted", s.TTFT)
	case s.Gap < 0 || s.Gap > time.Minute:
		return fmt.Errorf("--gap %s is wrong: a duration up to 1m is wanted", s.Gap)
	case s.Tokens < 1 || s.Tokens > 100_000:
		return fmt.Errorf("--tokens %d is wrong: a whole number from 1 to 100000 is wanted", s.Tokens)
	}
	return nil
}

// requestAtMost is what a request may have, bytes.
const requestAtMost = 16 << 20

// models are those that the scripts ask for unless they are told otherwise; any other name is answered too.
var models = []string{"claude_3_haiku", "cohere_english_v3"}

// Handler answers below any path that ends as OpenAI's do: /api/v1/chat/completions.
func Handler(s Settings) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/models"):
			answer(w, http.StatusOK, list(models))
		case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/chat/completions"):
			var asked chatRequest
			if read(w, r, &asked) {
				s.chat(w, r, asked)
			}
		case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/embeddings"):
			var asked embeddingRequest
			if read(w, r, &asked) {
				s.embeddings(w, r, asked)
			}
		default:
			refuse(w, http.StatusNotFound, "there are /models, /chat/completions and /embeddings here, and not "+r.URL.Path)
		}
	})
}

type object = map[string]any

func list(names []string) object {
	data := make([]object, len(names))
	for i, name := range names {
		data[i] = object{"id": name, "object": "model", "created": 0, "owned_by": "sse-target"}
	}
	return object{"object": "list", "data": data}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who asked may be gone
}

func refuse(w http.ResponseWriter, status int, sentence string) {
	answer(w, status, object{"error": object{"message": sentence, "type": "invalid_request_error"}})
}

// read parses a request's body; false when it was refused.
func read(w http.ResponseWriter, r *http.Request, to any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, requestAtMost))
	if err == nil {
		err = json.Unmarshal(body, to)
	}
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("a request has at most %d bytes here", requestAtMost))
	} else if err != nil {
		refuse(w, http.StatusBadRequest, "the body is not the JSON that this address takes: "+err.Error())
	}
	return err == nil
}

// pause waits; false when the client has gone.
func pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// tokensOf is a guess: four bytes make a token.
func tokensOf(text json.RawMessage) int { return max(1, len(text)/4) }
