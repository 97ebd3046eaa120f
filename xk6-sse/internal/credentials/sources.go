package credentials

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const (
	fileAgain = time.Second // a file is read again so often: that costs next to nothing
	tokenSize = 64 << 10    // no token is longer
)

// fileToken reads a token from a file that another program keeps up to date.
func fileToken(path string) func(context.Context) (Issued, error) {
	return func(context.Context) (Issued, error) {
		content, err := os.ReadFile(path)
		if err != nil {
			return Issued{}, fmt.Errorf("the file %s cannot be read: %w", path, errors.Unwrap(err))
		}
		issued, err := tokenIn(content)
		if err != nil {
			return Issued{}, fmt.Errorf("the file %s: %w", path, err)
		}
		issued.Again = fileAgain
		if !issued.Ends.IsZero() {
			issued.Ends = time.Time{} // who writes the file looks after that
		}
		return issued, nil
	}
}

// commandToken runs a program, without a shell, and takes what it writes.
func commandToken(command []string, every time.Duration) func(context.Context) (Issued, error) {
	return func(ctx context.Context) (Issued, error) {
		var out, complaint bytes.Buffer
		program := exec.CommandContext(ctx, command[0], command[1:]...) // the user's own, given for this
		program.Stdout, program.Stderr = &out, &complaint
		program.WaitDelay = time.Second
		if err := program.Run(); err != nil {
			if ctx.Err() != nil {
				err = fmt.Errorf("it did not end within %v", fetchLimit)
			}
			line, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
			return Issued{}, fmt.Errorf("the command %s failed: %w: %.200s", command[0], err, line)
		}
		issued, err := tokenIn(out.Bytes())
		if err != nil {
			return Issued{}, fmt.Errorf("what the command %s wrote: %w", command[0], err)
		}
		issued.Again = every
		return issued, nil
	}
}

// tokenIn takes a token from what a file or a program holds: the text itself, or JSON as authorization servers and
// `aws configure export-credentials` write it.
func tokenIn(content []byte) (Issued, error) {
	text := strings.TrimSpace(string(content))
	if len(text) > tokenSize {
		return Issued{}, errors.New("it is too long for a token")
	}
	if !strings.HasPrefix(text, "{") {
		if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return Issued{}, errors.New("a token alone is wanted, without spaces and line ends")
		}
		return Issued{Token: text}, nil
	}
	var told struct {
		AccessToken string  `json:"access_token"`
		Token       string  `json:"token"`
		ExpiresIn   float64 `json:"expires_in"`
		AccessKeyID string  `json:"AccessKeyId"`
		Expiration  string  `json:"Expiration"`
	}
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		return Issued{}, errors.New("it begins like JSON, but it is not JSON")
	}
	issued := Issued{Token: told.AccessToken}
	switch {
	case issued.Token != "":
	case told.Token != "":
		issued.Token = told.Token
	case told.AccessKeyID != "":
		issued.Token = text // the signer reads it
	default:
		return Issued{}, errors.New("its JSON has neither access_token nor token nor AccessKeyId")
	}
	const longest = 10 * 365 * 24 * 3600 // s: what is longer has no end, and beyond 292 years no time.Duration either
	if told.ExpiresIn > 0 && told.ExpiresIn < longest {
		issued.Ends = time.Now().Add(time.Duration(told.ExpiresIn * float64(time.Second)))
	}
	if at, err := time.Parse(time.RFC3339, told.Expiration); err == nil {
		issued.Ends = at
	}
	return issued, nil
}

// OAuth is a client of an authorization server: the client credentials grant (RFC 6749, 4.4).
type OAuth struct {
	URL      string   `json:"url"`
	ID       string   `json:"id"`
	Secret   string   `json:"secret"`
	Scopes   []string `json:"scopes"`
	Audience string   `json:"audience"`
}

func (o *OAuth) token(client *atomic.Pointer[http.Client]) func(context.Context) (Issued, error) {
	config := clientcredentials.Config{ClientID: o.ID, ClientSecret: o.Secret, TokenURL: o.URL, Scopes: o.Scopes}
	if o.Audience != "" {
		config.EndpointParams = url.Values{"audience": {o.Audience}}
	}
	return func(ctx context.Context) (Issued, error) {
		if through := client.Load(); through != nil {
			ctx = context.WithValue(ctx, oauth2.HTTPClient, through)
		}
		asked := time.Now()
		token, err := config.Token(ctx)
		if err != nil {
			return Issued{}, fmt.Errorf("the authorization server %s gave no token: %s", o.URL, refusal(err, o.Secret))
		}
		issued := Issued{Token: token.AccessToken, Ends: token.Expiry, Again: time.Minute}
		if token.ExpiresIn > 0 { // from when it was asked for, not from when it came
			issued.Ends = asked.Add(time.Duration(token.ExpiresIn) * time.Second)
		}
		return issued, nil
	}
}

// refusal is what an authorization server says, short and without the secret.
func refusal(err error, secret string) string {
	says := err.Error()
	if told := (*oauth2.RetrieveError)(nil); errors.As(err, &told) {
		says = fmt.Sprintf("status %d", told.Response.StatusCode)
		if told.ErrorCode != "" {
			says += ": " + told.ErrorCode + " " + told.ErrorDescription
		}
	} else if u := (*url.Error)(nil); errors.As(err, &u) {
		says = u.Err.Error()
	}
	if secret != "" {
		says = strings.ReplaceAll(says, secret, "…")
	}
	return fmt.Sprintf("%.300s", strings.TrimSpace(says))
}
