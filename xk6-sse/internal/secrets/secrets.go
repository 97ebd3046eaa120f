// Package secrets keeps keys and passwords out of everything that is shown or written: those that the run knows,
// whole or in parts, as they are or encoded (known.go), and what looks like one though nobody knows it (alike.go).
package secrets

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gsai-perf/xk6-sse/internal/printable"
)

// Mark stands where a secret stood.
const Mark = "***"

// Keeper knows the secrets of a run. The zero value is ready.
type Keeper struct {
	mu     sync.Mutex
	values map[string]bool
	index  atomic.Pointer[index]
}

// knownAtMost bounds the memory: nobody has more keys.
const knownAtMost = 100_000

// madeUp begins the keys that scripts make up, to be refused (madeUpKey in lib/workload): they are no secrets, and their
// words are those of sentences. A key that only holds such words may be real.
const madeUp = "gsai-perf-no-such-key"

// Add makes secrets known.
func (k *Keeper) Add(secrets ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	added := false
	for _, secret := range secrets {
		secret = strings.TrimSpace(secret)
		if len(secret) < shortest || k.values[secret] || len(k.values) >= knownAtMost || strings.HasPrefix(secret, madeUp) {
			continue
		}
		if k.values == nil {
			k.values = map[string]bool{}
		}
		k.values[secret] = true
		added = true
	}
	if added {
		k.index.Store(newIndex(k.values))
	}
}

// AddHeader makes known what a header of a request sends as a credential.
func (k *Keeper) AddHeader(name, value string) {
	if credentialHeader.MatchString(name) {
		k.Add(credentialsOf(value)...)
	}
}

// AddURL makes known the name and the password in an address, and what its query names as a secret.
func (k *Keeper) AddURL(address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return
	}
	if u.User != nil {
		password, _ := u.User.Password()
		k.Add(password)
		if name := u.User.Username(); password == "" || len(name) >= gram {
			k.Add(name)
		}
	}
	for name, values := range u.Query() {
		if credentialName.MatchString(name) {
			k.Add(values...)
		}
	}
}

// AddProcess makes known what this process was told by its environment (NAME=value) and its arguments: values whose
// names say that they are secret, and passwords in addresses.
func (k *Keeper) AddProcess(environment, arguments []string) {
	for _, word := range slices.Concat(environment, arguments) {
		name, value, named := strings.Cut(word, "=")
		if named && credentialVariable.MatchString(name) && !isNoSecret(value) {
			k.Add(credentialsOf(value)...)
		}
		if at := addressIn.FindString(word); at != "" {
			k.AddURL(at)
		}
	}
}

// isNoSecret tells of values that only have the name of a secret: words that switch something, and paths of files.
func isNoSecret(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "none", "null", "true", "false", "yes", "no", "on", "off", "default", "disabled", "enabled", "test", "local":
		return true
	}
	_, err := os.Stat(value)
	return err == nil
}

var (
	credentialHeader   = regexp.MustCompile(`(?i)auth|key|token|secret|cookie|password|credential|signature`)
	credentialName     = regexp.MustCompile(`(?i)(^|[_-])(key|apikey|token|secret|password|passwd|pwd|auth|sig|signature|credential|code)$`)
	credentialVariable = regexp.MustCompile(
		`(?i)(^|_)(api_?keys?|key|token|secret|password|passwd|passphrase|credentials?|authorization)(_id)?$|secret_access`,
	)
	addressIn = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s"']+`)
)

// credentialsOf are the secrets in the value of a header: without the scheme, and of Basic the password.
func credentialsOf(value string) []string {
	value = strings.TrimSpace(value)
	scheme, rest, two := strings.Cut(value, " ")
	if !two {
		return []string{value}
	}
	if strings.EqualFold(scheme, "basic") {
		if raw := fromBase64(rest); raw != "" {
			_, password, _ := strings.Cut(raw, ":")
			return []string{rest, password}
		}
	}
	return []string{rest}
}

// Hide is text without secrets.
func (k *Keeper) Hide(text string) string {
	if text == "" {
		return text
	}
	if known := k.index.Load(); known != nil {
		text = known.hide(text)
	}
	return hideAlike(text)
}

// Line is text without secrets, as one line that may be shown.
func (k *Keeper) Line(text string) string { return printable.Line(k.Hide(text)) }

// Lines is text without secrets that may be shown, with its line breaks.
func (k *Keeper) Lines(text string) string { return printable.Lines(k.Hide(text)) }
