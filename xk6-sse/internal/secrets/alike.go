package secrets

import (
	"regexp"
	"strings"
)

// shape is how keys of some kind look. `hints` must stand in the text (in lower case) for it to be looked for; the
// secret is the pattern's last group, and `sure` says that it need not look like one by itself.
type shape struct {
	hints   []string
	pattern *regexp.Regexp
	sure    bool
}

// shapes are those of the providers that gateways stand in front of, of tokens in general, and of what is named.
var shapes = []shape{
	{[]string{"bearer", "basic"}, regexp.MustCompile(`(?i)\b(?:bearer|basic)(?:\s|%20|\+|:)+([A-Za-z0-9._~+/=*-]{6,})`), false},
	{[]string{"sk-", "sk_", "rk-", "rk_", "pk_"}, regexp.MustCompile(`(?i)\b((?:sk|rk)[-_][A-Za-z0-9_*-]{4,}|pk_(?:live|test)_\w+)`), false},
	{[]string{"eyj"}, regexp.MustCompile(`\b(eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4})`), true},
	{[]string{"akia", "asia", "aroa", "aida", "agpa", "abia", "acca"}, regexp.MustCompile(
		`\b((?:AKIA|ASIA|AROA|AIDA|AGPA|ABIA|ACCA)[A-Z0-9]{8,})`), true},
	{[]string{"absk", "bedrock-api-key"}, regexp.MustCompile(`\b(ABSK[A-Za-z0-9+/=]{16,}|bedrock-api-key-[A-Za-z0-9+/=]{8,})`), true},
	{[]string{"aiza", "ya29.", "gocspx"}, regexp.MustCompile(
		`\b(AIza[0-9A-Za-z_-]{20,}|ya29\.[0-9A-Za-z._-]{8,}|GOCSPX-[0-9A-Za-z_-]{8,})`), true},
	{[]string{"gh", "glpat-", "xox", "hf_", "gsk_", "xai-", "pplx-", "nvapi-", "dapi", "npm_", "glsa_", "lsv2_", "r8_", "fw_"},
		regexp.MustCompile(`\b(gh[pousr]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{8,}|hf_[A-Za-z0-9]{16,}|` +
			`gsk_[A-Za-z0-9]{16,}|xai-[A-Za-z0-9]{16,}|pplx-[A-Za-z0-9]{16,}|nvapi-[\w-]{16,}|dapi[0-9a-f]{16,}|npm_[A-Za-z0-9]{16,}|` +
			`glsa_\w{16,}|lsv2_\w{16,}|r8_[A-Za-z0-9]{16,}|fw_[A-Za-z0-9]{16,})`), true},
	{[]string{"private key"}, regexp.MustCompile(`(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|$))`), true},
	{[]string{"://"}, regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://([^\s/@"'<>]+)@`), true},
	{[]string{"key", "secret", "passw", "token", "authorization", "signature", "credential", "sig="}, regexp.MustCompile(
		`(?i)(?:api[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?access[_-]?key|client[_-]?secret|secret|password|passwd|passphrase|` +
			`authorization|[a-z]+[_-]token|\btoken|x-amz-(?:signature|credential)|signature|\bsig|private[_-]?key|\bkey)` +
			`(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?(?:bearer\s+|basic\s+)?([^\s"'\\&,;<>{}()\[\]]{4,})`), false},
}

// hideAlike replaces what looks like a secret.
func hideAlike(text string) string {
	small := "" // made when it is needed
	for _, shape := range shapes {
		if small == "" {
			small = strings.ToLower(text)
		}
		for _, hint := range shape.hints {
			if strings.Contains(small, hint) {
				if hidden := shape.hide(text); hidden != text {
					text, small = hidden, ""
				}
				break
			}
		}
	}
	return text
}

func (s *shape) hide(text string) string {
	var spans []span
	for _, at := range s.pattern.FindAllStringSubmatchIndex(text, -1) {
		from, to := at[len(at)-2], at[len(at)-1]
		if from >= 0 && (s.sure || random(text[from:to])) {
			spans = append(spans, span{from, to})
		}
	}
	return replaced(text, spans)
}

// quantity is a number, with its unit perhaps, as in "requests with a wrong key: 1960/s".
var quantity = regexp.MustCompile(`^[0-9.]{1,7}(?:/s|/min|/h|ms|s|min|h|kB|MB|GB|x|%)?$`)

// random tells whether what stands in the place of a secret may be one, and no word: "key=missing".
func random(value string) bool {
	if len(value) < 10 && quantity.MatchString(value) {
		return false
	}
	return len(value) >= 20 || strings.ContainsAny(value, "0123456789") || strings.Contains(value, "**") ||
		strings.ToLower(value) != value && strings.ToUpper(value) != value && strings.ToLower(value[1:]) != value[1:]
}
