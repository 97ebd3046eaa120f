package secrets

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const key = `q7-Zr/8+Xw&"Lp=42kVt9BsDmE`

// A 401 that repeated the Authorization header put the whole key into stdout, run.json and junit.xml.
func TestKnownSecretIsHiddenHoweverItIsEchoed(t *testing.T) {
	var k Keeper
	k.Add(key)
	escaped, _ := json.Marshal(key)
	twice, _ := json.Marshal(string(escaped))
	var unicode, numbers strings.Builder
	for _, c := range key {
		fmt.Fprintf(&unicode, `\u%04x`, c)
		fmt.Fprintf(&numbers, `&#%d;`, c)
	}
	all := map[string]string{
		"as it is":           key,
		"in other case":      strings.ToUpper(key),
		"its first half":     key[:12],
		"its second half":    key[12:],
		"its middle":         key[8:17],
		"in JSON":            string(escaped),
		"in JSON in JSON":    string(twice),
		"in JSON, \\u alone": unicode.String(),
		"in HTML":            html.EscapeString(key),
		"in HTML, numbers":   numbers.String(),
		"in a query":         url.QueryEscape(key),
		"in a path":          url.PathEscape(key),
		"in a query twice":   url.QueryEscape(url.QueryEscape(key)),
		"broken into lines":  key[:7] + "\r\n  " + key[7:14] + "\n" + key[14:],
		"in 16 bits":         strings.Join(strings.Split(key, ""), "\x00"),
		"in 16 bits, shown":  strings.Join(strings.Split(key, ""), "?"),
		"in hexadecimal":     hex.EncodeToString([]byte(key)),
	}
	for shift, before := range []string{"", ":", "u:"} {
		all[fmt.Sprintf("in base64 after %d bytes", shift)] = base64.StdEncoding.EncodeToString([]byte(before + key + "!"))
		all[fmt.Sprintf("in base64 of URLs after %d bytes", shift)] = base64.RawURLEncoding.EncodeToString([]byte(before + key))
	}
	for name, echoed := range all {
		t.Run(name, func(t *testing.T) {
			shown := k.Line("the key " + echoed + " is wrong")
			assert.Contains(t, shown, Mark)
			assert.True(t, strings.HasPrefix(shown, "the key ") && strings.HasSuffix(shown, " is wrong"), shown)
			for i := 0; i+8 <= len(echoed); i++ {
				assert.NotContains(t, shown, echoed[i:i+8])
			}
			assert.Less(t, len(shown), len("the key  is wrong")+18, shown)
		})
	}
}

func TestSecretOfFewBytesIsHiddenWithoutSpoilingOtherWords(t *testing.T) {
	var k Keeper
	k.Add("any", "tok12", "secret7", "ab")
	assert.Equal(t, "*** company tok123 ***, x***x ab", k.Line("any company tok123 TOK12, xsecret7x ab"))
}

func TestWhatLooksLikeASecretIsHiddenThoughNobodyKnowsIt(t *testing.T) {
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r"
	var k Keeper
	for text, want := range map[string]string{
		"Authorization: Bearer abc123def456":               "Authorization: Bearer ***",
		"got 'Bearer " + jwt + "'":                         "got 'Bearer ***'",
		"token=" + jwt + "&x=1":                            "token=***&x=1",
		"jwt " + jwt:                                       "jwt ***",
		"Incorrect API key provided: sk-proj-ab12****wxyz": "Incorrect API key provided: ***",
		"sk-1234 is not known":                             "*** is not known",
		"id AKIAIOSFODNN7EXAMPLE":                          "id ***",
		"key ABSKQmVkcm9ja0FQSUtleS0xMjM0NTY3ODkw":         "key ***",
		"key=AIzaSyD-abcdefghijklmnopqrstuvwxyz12":         "key=***",
		"hf_abcdefghijklmnop1234 or ghp_abcdefghijklmnop1": "*** or ***",
		`{"api_key":"f00ba4"}`:                             `{"api_key":"***"}`,
		`{\"password\": \"hunter2\"}`:                      `{\"password\": \"***\"}`,
		"x-api-key: Zm9vYmFy1":                             "x-api-key: ***",
		"http://ada:lovelace@h:1/p":                        "http://***@h:1/p",
		"Basic YWRhOmxvdmVsYWNl":                           "Basic ***",
		"-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc":       "***",
	} {
		assert.Equal(t, want, k.Line(text))
	}
}

func TestOrdinaryWordsAreNoSecrets(t *testing.T) {
	var k Keeper
	k.Add(key)
	for _, text := range []string{
		"Bearer authentication is required", "Basic understanding", "max_tokens: 4096", "the token: missing", "risk-averse",
		"API key: not found", "password: must be longer", "max_token: 4096", "status 429: Rate limit reached for gpt-4o",
		"authorization: required", "http://127.0.0.1:8080/v1", "the key was not found", "100 % of \\ & it", "sk-learn",
		"no connection to 10.0.0.1:8080: connect: connection refused", "token limit exceeded", "task-0123456789",
		"requests with a wrong key: 1960/s were answered", "time to the first token: 120.5ms", "requests of one key: 98%",
	} {
		assert.Equal(t, text, k.Line(text))
	}
}

func TestSecretsOfTheProcessAreKnownFromTheStart(t *testing.T) {
	var k Keeper
	k.AddProcess(
		[]string{"K6_INFLUXDB_PASSWORD=inflooo7", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI", "HOME=/home/ada", "MAX_TOKENS=200",
			"API_KEYS_FILE=/etc/hostname", "SSH_KEY=/usr/bin", "GIT_TOKEN=true", "K6_OUT=influxdb=http://ada:lovelace1@h:8086/k6"},
		[]string{"-e", "API_KEY=none", "-e", "API_KEY=vogelfrei", "influxdb=http://bob:builder99@h/k6", "PROVIDER_URL=http://p/v1?token=tuktuk55"},
	)
	for _, secret := range []string{"inflooo7", "wJalrXUtnFEMI", "lovelace1", "vogelfrei", "builder99", "tuktuk55"} {
		assert.Equal(t, Mark, k.Line(secret))
	}
	for _, text := range []string{"/home/ada", "/usr/bin/env", "true", "200", "/etc/hostname", "none", "ada"} {
		assert.Equal(t, text, k.Line(text))
	}
}

func TestCredentialsOfRequestsAreKnownWhenTheyAreSent(t *testing.T) {
	var k Keeper
	k.AddHeader("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("ada:lovelace1")))
	k.AddHeader("X-Api-Key", "kaykaykay")
	k.AddHeader("Content-Type", "application/json")
	k.AddURL("http://u:passepartout@h/")
	assert.Equal(t, "*** *** *** application/json", k.Line("lovelace1 kaykaykay passepartout application/json"))
}

func TestControlCharactersAreReplaced(t *testing.T) {
	var k Keeper
	assert.Equal(t, "a ?[2J b?c d?e f", k.Line("a\r\n\x1b[2J  b\u202ec\u2028d\x07e\tf"))
	assert.Equal(t, "a\n?[2J", k.Lines("a\n\x1b[2J"))
	assert.Equal(t, "gr\u00fc\u00df dich \u4f60\u597d", k.Line("gr\u00fc\u00df dich \u4f60\u597d"))
	assert.Equal(t, "bad ? byte", k.Line("bad \xff byte"))
}

// A whole page of metrics goes through here every few seconds, and every word of an error.
func BenchmarkHidingInAMegabyteWithoutSecrets(b *testing.B) {
	var k Keeper
	k.Add(key, "sk-proj-0123456789abcdefghij")
	page := strings.Repeat("http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n", 1<<20/66)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		_ = k.Lines(page)
	}
}

func TestKeysThatAreMadeUpToBeRefusedHideNoWords(t *testing.T) {
	var k Keeper
	k.AddHeader("Authorization", "Bearer gsai-perf-no-such-key-together-17")
	const text = "look-ups that come together: too little evidence"
	assert.Equal(t, text, k.Line(text))
}

func TestARealKeyThatHoldsTheWordsOfOneThatIsMadeUpIsHidden(t *testing.T) {
	var k Keeper
	const real = "sk-live-no-such-key-8842"
	k.AddHeader("Authorization", "Bearer "+real)
	assert.NotContains(t, k.Line("refused: "+real), real)
}
