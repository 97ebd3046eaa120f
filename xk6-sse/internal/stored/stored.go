// Package stored keeps the texts that requests are made of, once for all VUs and as a file of data has them: JSON that
// can be put into a body as it stands. A script says by number which of them it sends, so that a text is neither turned
// into one of JavaScript's nor taken apart and written again for each request.
package stored

import (
	"fmt"
	"sync"

	"github.com/tidwall/gjson"
)

// Form says where the records of a file are, and what of each is kept.
type Form struct {
	// The member that holds the list of records; "": the file is the list.
	List string `json:"list"`
	// The member by whose value records are grouped; "": all are of the group "".
	By string `json:"by"`
	// The member that is kept; "": the whole record.
	Value string `json:"value"`
	// What stands before and behind it in a body.
	Before string `json:"before"`
	Behind string `json:"behind"`
	// The member that is a number of the record's; "": none is kept.
	Number string `json:"number"`
}

// Group is where the texts of a group are: their numbers follow each other.
type Group struct {
	From  int `json:"from"`
	Count int `json:"count"`
}

// text is a record as it is kept.
type text struct {
	group  *Group
	form   *Form
	raw    string
	number float64
}

// Texts are those of all files. Any goroutine may use them.
type Texts struct {
	mu    sync.RWMutex
	files map[string]map[string]*Group
	all   []text
}

// Add keeps the records of a file, unless it is kept already: only the first who names it reads it. It returns the
// groups by their names.
func (t *Texts) Add(name string, read func() ([]byte, error), form Form) (map[string]*Group, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if groups, known := t.files[name]; known {
		return groups, nil
	}
	content, err := read()
	if err != nil {
		return nil, err
	}
	if !gjson.ValidBytes(content) {
		return nil, fmt.Errorf("%s is not JSON", name)
	}
	list := gjson.ParseBytes(content)
	if form.List != "" {
		list = list.Get(form.List)
	}
	if !list.IsArray() {
		return nil, fmt.Errorf("%s holds no list of records", name)
	}
	byGroup := map[string][]text{}
	var order []string
	list.ForEach(func(_, record gjson.Result) bool {
		kept, number, group := one(record, form)
		if kept == "" {
			err = fmt.Errorf("a record of %s has no %s: %.80s", name, form.Value, record.Raw)
			return false
		}
		if _, known := byGroup[group]; !known {
			order = append(order, group)
		}
		byGroup[group] = append(byGroup[group], text{raw: kept, number: number})
		return true
	})
	if err != nil {
		return nil, err
	}
	groups := make(map[string]*Group, len(order))
	for _, group := range order {
		g := &Group{From: len(t.all), Count: len(byGroup[group])}
		groups[group] = g
		for _, each := range byGroup[group] {
			each.group, each.form = g, &form
			t.all = append(t.all, each)
		}
	}
	if t.files == nil {
		t.files = map[string]map[string]*Group{}
	}
	t.files[name] = groups
	return groups, nil
}

// one is what is kept of a record: "" where it has nothing of that.
func one(record gjson.Result, form Form) (kept string, number float64, group string) {
	kept = record.Raw
	if form.Value == "" && form.By == "" && form.Number == "" {
		return kept, 0, ""
	}
	if form.Value != "" {
		kept = ""
	}
	record.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "":
		case form.Value:
			kept = value.Raw
		case form.By:
			group = value.String()
		case form.Number:
			number = value.Num
		}
		return true
	})
	return kept, number, group
}

// Number is the number of the record with that number; false where there is no such text.
func (t *Texts) Number(i int) (number float64, known bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if i < 0 || i >= len(t.all) {
		return 0, false
	}
	return t.all[i].number, true
}

// Append appends the pieces of text i as it stands in a body, and of those of its group that follow it, count in all,
// with commas between them; behind the group's last comes its first. False where there is no such text.
func (t *Texts) Append(pieces []string, i, count int) ([]string, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if i < 0 || i >= len(t.all) || count < 1 {
		return pieces, false
	}
	g := t.all[i].group
	for k := range count {
		if k > 0 {
			pieces = append(pieces, ",")
		}
		each := &t.all[g.From+(i-g.From+k)%g.Count]
		pieces = append(pieces, each.form.Before, each.raw, each.form.Behind)
	}
	return pieces, true
}
