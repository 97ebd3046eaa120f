package credentials

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// SigV4 signs for AWS (Signature Version 4). Without keys of its own they come as the JSON of a file or a command.
type SigV4 struct {
	Region       string `json:"region"`
	Service      string `json:"service"`
	AccessKeyID  string `json:"accessKeyId"`
	SecretKey    string `json:"secretAccessKey"`
	SessionToken string `json:"sessionToken"`
}

type signer struct {
	SigV4
	v4 *v4.Signer
}

func newSigner(s SigV4) *signer { return &signer{s, v4.NewSigner()} }

func (s *signer) static() bool { return s.AccessKeyID != "" && s.SecretKey != "" }

// keys are those of the request: its own, or those that `token` holds as JSON.
func (s *signer) keys(token string) (aws.Credentials, error) {
	if token == "" {
		return aws.Credentials{
			AccessKeyID: s.AccessKeyID, SecretAccessKey: s.SecretKey, SessionToken: s.SessionToken,
		}, nil
	}
	var keys aws.Credentials
	if err := json.Unmarshal([]byte(token), &keys); err != nil || keys.SecretAccessKey == "" {
		return keys, errors.New("no token: what the file or the command gave has no AccessKeyId and SecretAccessKey, " +
			"as `aws configure export-credentials` writes them")
	}
	return keys, nil
}

// sign makes the headers of a signature. Header names are signed as they are sent.
func (s *signer) sign(ctx context.Context, r Request, token string) ([]wire.Header, error) {
	keys, err := s.keys(token)
	if err != nil {
		return nil, err
	}
	to := *r.To.URL
	request := &http.Request{
		Method: r.Method, URL: &to, Host: to.Host, Header: http.Header{}, ContentLength: int64(len(r.Body)),
	}
	if r.Type != "" {
		request.Header.Set("Content-Type", r.Type)
	}
	hash := sha256.Sum256([]byte(r.Body))
	payload := hex.EncodeToString(hash[:])
	if err := s.v4.SignHTTP(ctx, keys, request, payload, s.Service, s.Region, time.Now()); err != nil {
		return nil, err
	}
	headers := []wire.Header{}
	for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token"} {
		if value := request.Header.Get(name); value != "" {
			headers = append(headers, wire.Header{Name: name, Value: value})
		}
	}
	return headers, nil
}
