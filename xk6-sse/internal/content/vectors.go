package content

import (
	"bytes"
	"hash/fnv"
	"math"
	"strconv"
)

// Vectors is what the vectors of an answer to a request for embeddings are.
type Vectors struct {
	// Count of the vectors, and the length of the first one.
	Count, Length int
	// Vectors of another length than the first one, with a number that is not finite, and whose index is not their
	// place.
	Uneven, NotFinite, OutOfOrder int
	// indexes that were read
	indexes int
	// Hash of the vector that was asked for, as it is written; 0 without one.
	Hash uint64
}

var (
	vectorKey = []byte(`"embedding"`)
	indexKey  = []byte(`"index"`)
)

// CheckVectors looks at every vector of a document, wherever it stands in it. It is no parser: what is not finite is
// written in ways that JSON does not have. `place` is the vector whose hash is wanted.
func CheckVectors(document []byte, place int) (v Vectors) {
	for at := 0; ; {
		from, next := arrayAfter(document[at:], vectorKey)
		v.order(document[at : at+next])
		if from < 0 {
			return v
		}
		vector := document[at+from:]
		end := bytes.IndexByte(vector, ']')
		if end < 0 {
			return v
		}
		v.add(vector[:end], v.Count == place)
		at += from + end
	}
}

// add counts one vector, given without its brackets.
func (v *Vectors) add(vector []byte, wanted bool) {
	length, finite := numbers(vector)
	if v.Count == 0 {
		v.Length = length
	}
	if length != v.Length {
		v.Uneven++
	}
	if !finite {
		v.NotFinite++
	}
	if wanted {
		h := fnv.New64a()
		_, _ = h.Write(vector)
		v.Hash = h.Sum64()
	}
	v.Count++
}

// order looks at the indexes that stand between two vectors: the n-th of the document belongs to the n-th vector,
// whether it stands before it or behind.
func (v *Vectors) order(between []byte) {
	for {
		i := bytes.Index(between, indexKey)
		if i < 0 {
			return
		}
		between = bytes.TrimLeft(between[i+len(indexKey):], " \t\r\n:")
		n := 0
		for n < len(between) && between[n] >= '0' && between[n] <= '9' {
			n++
		}
		if index, err := strconv.Atoi(string(between[:n])); err == nil && n > 0 {
			if index != v.indexes {
				v.OutOfOrder++
			}
			v.indexes++
		}
	}
}

// numbers counts the members of a vector and tells whether all are finite numbers.
func numbers(vector []byte) (count int, finite bool) {
	finite = true
	for len(vector) > 0 {
		member := vector
		if comma := bytes.IndexByte(vector, ','); comma >= 0 {
			member, vector = vector[:comma], vector[comma+1:]
		} else {
			vector = nil
		}
		member = bytes.TrimSpace(member)
		if len(member) == 0 && count == 0 && vector == nil {
			return 0, true
		}
		count++
		finite = finite && isFinite(member)
	}
	return count, finite
}

// isFinite tells whether a member is a finite number. Only one with an exponent can be too large, and is read.
func isFinite(member []byte) bool {
	digits := bytes.TrimPrefix(member, []byte{'-'})
	if len(digits) == 0 || digits[0] < '0' || digits[0] > '9' {
		return false
	}
	if bytes.IndexByte(digits, 'e') < 0 && bytes.IndexByte(digits, 'E') < 0 {
		return true
	}
	f, err := strconv.ParseFloat(string(member), 64)
	return err == nil && !math.IsInf(f, 0)
}

// arrayAfter finds a key whose value is an array: where the array's first member stands, and where the key does. Without
// one: -1, and the end.
func arrayAfter(text, key []byte) (first, at int) {
	for from := 0; ; {
		i := bytes.Index(text[from:], key)
		if i < 0 {
			return -1, len(text)
		}
		at = from + i
		rest := bytes.TrimLeft(text[at+len(key):], " \t\r\n")
		if len(rest) > 0 && rest[0] == ':' {
			rest = bytes.TrimLeft(rest[1:], " \t\r\n")
			if len(rest) > 0 && rest[0] == '[' {
				return len(text) - len(rest) + 1, at
			}
		}
		from = at + len(key)
	}
}
