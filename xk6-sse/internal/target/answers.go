package target

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

type chatRequest struct {
	Model         string          `json:"model"`
	Messages      json.RawMessage `json:"messages"`
	Stream        bool            `json:"stream"`
	MaxTokens     int             `json:"max_tokens"`
	StreamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

const word = " word"

func (s Settings) chat(w http.ResponseWriter, r *http.Request, asked chatRequest) {
	if len(asked.Messages) == 0 {
		refuse(w, http.StatusBadRequest, "messages are missing")
		return
	}
	tokens := s.Tokens
	if asked.MaxTokens > 0 {
		tokens = min(tokens, asked.MaxTokens)
	}
	finish := "stop"
	if tokens < s.Tokens {
		finish = "length"
	}
	prompt := tokensOf(asked.Messages)
	usage := object{"prompt_tokens": prompt, "completion_tokens": tokens, "total_tokens": prompt + tokens}
	if asked.Stream {
		s.stream(w, r, asked, tokens, finish, usage)
		return
	}
	if !pause(r, s.TTFT) {
		return
	}
	for range tokens - 1 {
		if !pause(r, s.Gap) {
			return
		}
	}
	answer(w, http.StatusOK, object{
		"id": "chatcmpl-static", "object": "chat.completion", "created": 0, "model": asked.Model, "usage": usage,
		"choices": []object{{
			"index": 0, "message": object{"role": "assistant", "content": strings.Repeat(word, tokens)}, "finish_reason": finish,
		}},
	})
}

func (s Settings) stream(
	w http.ResponseWriter, r *http.Request, asked chatRequest, tokens int, finish string, usage object,
) {
	flush, ok := w.(http.Flusher)
	if !ok {
		refuse(w, http.StatusInternalServerError, "this connection cannot stream")
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(http.StatusOK)
	send := func(data string) { _, _ = fmt.Fprintf(w, "data: %s\n\n", data); flush.Flush() }
	event := func(choices []object, usage object) {
		body := object{
			"id": "chatcmpl-static", "object": "chat.completion.chunk", "created": 0, "model": asked.Model,
			"choices": choices,
		}
		if usage != nil {
			body["usage"] = usage
		}
		text, _ := json.Marshal(body) // of maps and texts: cannot fail
		send(string(text))
	}
	choice := func(delta object, finish any) []object {
		return []object{{"index": 0, "delta": delta, "finish_reason": finish}}
	}
	for i := range tokens {
		wait := s.Gap
		if i == 0 {
			wait = s.TTFT
		}
		if !pause(r, wait) {
			return
		}
		event(choice(object{"content": word}, nil), nil)
	}
	event(choice(object{}, finish), nil)
	if asked.StreamOptions.IncludeUsage {
		event([]object{}, usage)
	}
	send("[DONE]")
}

type embeddingRequest struct {
	Model string          `json:"model"`
	Input json.RawMessage `json:"input"`
}

const dimensions = 256

func (s Settings) embeddings(w http.ResponseWriter, r *http.Request, asked embeddingRequest) {
	inputs := 1
	var several []json.RawMessage
	if json.Unmarshal(asked.Input, &several) == nil {
		inputs = len(several)
	}
	if len(asked.Input) == 0 || inputs == 0 {
		refuse(w, http.StatusBadRequest, "input is missing")
		return
	}
	if !pause(r, s.TTFT/4) {
		return
	}
	vector := make([]float64, dimensions)
	for i := range vector {
		vector[i] = 1.0 / 16 // of length 1
	}
	data := make([]object, inputs)
	for i := range data {
		data[i] = object{"object": "embedding", "index": i, "embedding": vector}
	}
	prompt := tokensOf(asked.Input)
	answer(w, http.StatusOK, object{
		"object": "list", "data": data, "model": asked.Model,
		"usage": object{"prompt_tokens": prompt, "total_tokens": prompt},
	})
}
