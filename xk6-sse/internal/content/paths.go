// Package content reads what an event, or a document, of an answer holds: where Paths say that it is (paths.go), all of
// them found in one pass over its bytes (scan.go, found.go), what counts as output (said.go), and a short cut for the
// many events of a stream that are alike (alike.go).
package content

import (
	"regexp"
	"strconv"
	"strings"
	"unsafe"
)

// List is what a list of paths is for.
type List int

// The lists that there are.
const (
	Content List = iota
	Reasoning
	ToolCalls
	Media
	Finish
	Failure
	PromptTokens
	CompletionTokens
	TotalTokens
	ReasoningTokens
	CachedTokens
	BesidePrompt // tokens of the prompt that PromptTokens does not count
	Over         // what ends the answer for who reads it
	conditions   // members that paths hold under
	lists        // how many
)

// mostPaths bounds a list: what was found of it is a word of bits.
const mostPaths = 64

// Paths tell where things are in an event's JSON: for each list gjson paths, of which the first that has something
// counts. They are compiled into a tree of the names that lead to them.
type Paths struct {
	FailedFinish []string // words of a finish reason, in lower case
	Done         []byte

	lists   [lists][]path
	special [lists]bool // a path of it is not in the tree
	root    node
	count   string // see Counting
	placed  int    // paths in the tree
}

// path is one gjson path. One of plain members and indices is in the tree; another one is looked up by gjson, where
// `key`, a quoted word without which it cannot match, stands in the text.
type path struct {
	text   string
	placed int // its number in the tree, -1: it is not in there
	key    []byte

	value     string // it holds where its condition, a path of the list of conditions, has this value only
	condition int    // -1: it has none
}

// node is a place in a document that a path leads to, or through.
type node struct {
	name     string
	index    int // the same as an element of an array, -1: it cannot be one
	children []*node
	indexed  bool // a child can be an element
	leaves   []leaf
	counted  bool // its elements are to be counted
}

// leaf is a path that ends at a node.
type leaf struct {
	list   List
	bit    uint64
	placed int
}

var (
	// A path of plain members and indices.
	plainPath = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)
	// A path of events of one type: `[@this].#(type=="message_start").message`.
	conditional = regexp.MustCompile(`^\[@this\]\.#\(([A-Za-z_]+)=="([A-Za-z0-9_.-]+)"\)\.([A-Za-z0-9_.-]+)$`)
	// What a query compares with must stand in the text.
	comparedTo = regexp.MustCompile(`=="[A-Za-z0-9_ -]+"`)
)

// Add appends paths to a list.
func (p *Paths) Add(list List, texts ...string) {
	for _, text := range texts {
		added := path{text: text, placed: -1, condition: -1}
		if m := conditional.FindStringSubmatch(text); m != nil && plainPath.MatchString(m[3]) {
			if c := p.conditionOn(m[1]); c >= 0 {
				added.text, added.condition, added.value = m[3], c, m[2]
			}
		}
		if plainPath.MatchString(added.text) && len(p.lists[list]) < mostPaths {
			p.place(list, &added)
		} else {
			p.special[list] = true
			if wanted := comparedTo.FindString(text); wanted != "" {
				added.key = []byte(wanted[2:])
			}
		}
		p.lists[list] = append(p.lists[list], added)
	}
}

// place puts a path into the tree.
func (p *Paths) place(list List, added *path) {
	at := p.root.descend(added.text)
	added.placed = p.placed
	at.leaves = append(at.leaves, leaf{list, 1 << len(p.lists[list]), p.placed})
	p.placed++
}

// conditionOn is the number of the condition on a member, -1 when there is no room for one more.
func (p *Paths) conditionOn(member string) int {
	for i, known := range p.lists[conditions] {
		if known.text == member {
			return i
		}
	}
	if len(p.lists[conditions]) == mostPaths {
		return -1
	}
	p.Add(conditions, member)
	return len(p.lists[conditions]) - 1
}

// Counting has the elements of an array counted in the same pass, where `path` is that of an array and `.#`.
func (p *Paths) Counting(path string) {
	array, ok := strings.CutSuffix(path, ".#")
	if p.count = path; ok && plainPath.MatchString(array) {
		p.root.descend(array).counted = true
		return
	}
	p.count = ""
}

// descend is the node that a plain path leads to; what is missing of the way is made.
func (n *node) descend(path string) *node {
	for name := range strings.SplitSeq(path, ".") {
		n = n.child(name)
	}
	return n
}

func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	c := &node{name: name, index: -1}
	if i, err := strconv.Atoi(name); err == nil && i >= 0 {
		c.index, n.indexed = i, true
	}
	n.children = append(n.children, c)
	return c
}

// member is the child of this name, nil where none is wanted.
func (n *node) member(name []byte) *node {
	for _, c := range n.children {
		if len(c.name) == len(name) && c.name == Text(name) {
			return c
		}
	}
	return nil
}

// element is the child that is this element of an array.
func (n *node) element(i int) *node {
	for _, c := range n.children {
		if c.index == i {
			return c
		}
	}
	return nil
}

// Text looks at bytes as a string without copying them.
func Text(p []byte) string { return unsafe.String(unsafe.SliceData(p), len(p)) }
