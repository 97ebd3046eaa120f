package sse

import (
	"errors"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/gsai-perf/xk6-sse/internal/stored"
)

// Store is store(): the first VU that names a file has it read, in its goroutine.
func (v *VU) Store(call sobek.FunctionCall) sobek.Value {
	if v.vu.InitEnv() == nil {
		v.fail("store() belongs in the init context")
	}
	rt := v.vu.Runtime()
	read, reads := sobek.AssertFunction(call.Argument(1))
	if !reads {
		v.fail("store(name, read, form) takes a function that reads the file")
	}
	groups, err := v.root.stored.Add(call.Argument(0).String(), func() ([]byte, error) {
		content, err := read(sobek.Undefined())
		if err != nil {
			return nil, err
		}
		if buffer, ok := content.Export().(sobek.ArrayBuffer); ok {
			return buffer.Bytes(), nil
		}
		return []byte(content.String()), nil
	}, v.storedForm(call.Argument(2)))
	if thrown := (*sobek.Exception)(nil); errors.As(err, &thrown) {
		panic(thrown.Value())
	}
	if err != nil {
		v.throw(err.Error())
	}
	out := rt.NewObject()
	for name, group := range groups {
		each := rt.NewObject()
		_ = each.Set("from", group.From)
		_ = each.Set("count", group.Count)
		_ = out.Set(name, each)
	}
	return out
}

func (v *VU) storedForm(value sobek.Value) (form stored.Form) {
	o, ok := value.(*sobek.Object)
	if !ok {
		return form
	}
	for name, into := range map[string]*string{
		"list": &form.List, "by": &form.By, "value": &form.Value, "before": &form.Before, "behind": &form.Behind,
		"number": &form.Number,
	} {
		if given := o.Get(name); !common.IsNullish(given) {
			*into = given.String()
		}
	}
	return form
}

// StoredText is storedText().
func (v *VU) StoredText(call sobek.FunctionCall) sobek.Value {
	pieces, known := v.root.stored.Append(nil, int(call.Argument(0).ToInteger()), 1)
	if !known {
		v.fail("storedText() needs the number of a text that store() has kept")
	}
	return v.vu.Runtime().ToValue(strings.Join(pieces, ""))
}

// StoredNumber is storedNumber().
func (v *VU) StoredNumber(call sobek.FunctionCall) sobek.Value {
	number, known := v.root.stored.Number(int(call.Argument(0).ToInteger()))
	if !known {
		v.fail("storedNumber() needs the number of a text that store() has kept")
	}
	return v.vu.Runtime().ToValue(number)
}

// bodyOf is the body of what ask() returned, in pieces: the user's own, until its next request.
func (v *VU) bodyOf(u *user, o *sobek.Object) []string {
	u.pieces = u.pieces[:0]
	if body := o.Get("body"); !common.IsNullish(body) {
		u.pieces = append(u.pieces, body.String())
	}
	number := o.Get("stored")
	if common.IsNullish(number) {
		return u.pieces
	}
	count := 1
	if many := o.Get("many"); !common.IsNullish(many) {
		count = int(many.ToInteger())
	}
	var known bool
	if u.pieces, known = v.root.stored.Append(u.pieces, int(number.ToInteger()), count); !known {
		v.fail("serve(): a request names a text that store() has not kept")
	}
	if behind := o.Get("behind"); !common.IsNullish(behind) {
		u.pieces = append(u.pieces, behind.String())
	}
	return u.pieces
}
