package cgi

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVars(t *testing.T) {
	var v Vars
	if v.Len() != 0 || v.Size() != 0 {
		t.Errorf("the zero value has %d variables of %d bytes", v.Len(), v.Size())
	}
	v.Add("OLD", "gone after Reset")
	v.Reset()
	v.Add("A", "1")
	v.AddBytes([]byte("B"), nil)
	v.Add("A", "23")
	if d := cmp.Diff([]string{"A=1", "B=", "A=23"}, list(&v)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if v.Size() != 6 {
		t.Errorf("size is %d", v.Size())
	}
	if value, ok := v.Get("A"); string(value) != "23" || !ok {
		t.Errorf("A is %q, %v: the last one should win", value, ok)
	}
	if value, ok := v.Get("B"); len(value) != 0 || !ok {
		t.Errorf("B is %q, %v", value, ok)
	}
	if _, ok := v.Get("OLD"); ok {
		t.Error("OLD survived Reset")
	}
}
