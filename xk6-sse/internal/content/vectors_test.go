package content

import (
	"strings"
	"testing"
)

func TestVectorsAreRightOrToldAsWhatIsWrongWithThem(t *testing.T) {
	item := func(vector, index string) string {
		return `{"object":"embedding","embedding":[` + vector + `],"index":` + index + `}`
	}
	list := func(items ...string) string {
		return `{"object":"list","data":[` + strings.Join(items, ",") + `],"usage":{"total_tokens":3}}`
	}
	for name, test := range map[string]struct {
		document string
		want     Vectors
	}{
		"right":             {list(item("1,-0.5,2e-3", "0"), item("0,0,1", "1")), Vectors{Count: 2, Length: 3}},
		"index before":      {`{"data":[{"index": 0, "embedding" : [1, 2]},{"index":1,"embedding":[3,4]}]}`, Vectors{Count: 2, Length: 2}},
		"one is shorter":    {list(item("1,2,3", "0"), item("1,2", "1")), Vectors{Count: 2, Length: 3, Uneven: 1}},
		"NaN":               {list(item("NaN,2,3", "0"), item("1,2,3", "1")), Vectors{Count: 2, Length: 3, NotFinite: 1}},
		"null":              {list(item("1,null,3", "0")), Vectors{Count: 1, Length: 3, NotFinite: 1}},
		"infinite":          {list(item("1,-Infinity,3", "0"), item("1,1e999,3", "1")), Vectors{Count: 2, Length: 3, NotFinite: 2}},
		"out of order":      {list(item("1,2", "1"), item("3,4", "0")), Vectors{Count: 2, Length: 2, OutOfOrder: 2}},
		"empty":             {list(item("", "0")), Vectors{Count: 1}},
		"base64":            {`{"data":[{"embedding":"AAAA","index":0}]}`, Vectors{}},
		"none":              {`{"error":{"message":"no"}}`, Vectors{}},
		"cut in the middle": {`{"data":[{"embedding":[1,2`, Vectors{}},
	} {
		got := CheckVectors([]byte(test.document), -1)
		got.indexes = 0
		if got != test.want {
			t.Errorf("%s: %+v, wanted %+v", name, got, test.want)
		}
	}
}

func TestTheSameVectorHasTheSameHashAndAnotherHasAnother(t *testing.T) {
	at := func(document string, place int) uint64 { return CheckVectors([]byte(document), place).Hash }
	one := `{"data":[{"embedding":[1,2],"index":0},{"embedding":[3,4],"index":1}]}`
	if at(one, 1) != at(`{"data":[{"embedding":[3,4],"index":0}]}`, 0) || at(one, 0) == at(one, 1) || at(one, 2) != 0 {
		t.Error("hashes do not tell vectors apart")
	}
}

// 96 vectors of 1,024 numbers: what a batch costs while nothing else can be read.
func BenchmarkCheckVectors(b *testing.B) {
	vector := `{"embedding":[` + strings.Repeat("0.0123456,", 1023) + `0.5],"index":0},`
	document := []byte(`{"data":[` + strings.Repeat(vector, 96) + `]}`)
	b.SetBytes(int64(len(document)))
	for range b.N {
		CheckVectors(document, 1)
	}
}
