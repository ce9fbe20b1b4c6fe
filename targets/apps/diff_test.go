package apps_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/targets/apps"
)

func ExampleEnviron_Diff() {
	a := apps.Environ{Method: "GET", PathInfo: "/a b", Headers: []string{"HTTP_HOST: gwbench.test", "HTTP_X_PROBE: one, two"}}
	b := apps.Environ{Method: "GET", PathInfo: "/a%20b", Headers: []string{"HTTP_HOST: gwbench.test", "HTTP_X_PROBE: two"}}
	for _, d := range a.Diff(b) {
		fmt.Println(d)
	}
	// Output:
	// path_info: a has "/a b", b has "/a%20b"
	// HTTP_X_PROBE: a has "one, two", b has "two"
}

// TestDiffFindsEachField changes one field after the other, so that a field
// that is added to Environ cannot be forgotten in Diff.
func TestDiffFindsEachField(t *testing.T) {
	kind := reflect.TypeFor[apps.Environ]()
	for i := range kind.NumField() {
		name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
		var a, b apps.Environ
		want := []apps.Difference{{Field: name, A: `""`, B: `"x"`}}
		switch v := reflect.ValueOf(&b).Elem().Field(i); v.Kind() {
		case reflect.String:
			v.SetString("x")
		case reflect.Int64:
			v.SetInt(7)
			want[0].A, want[0].B = "0", "7"
		default:
			b.Headers, want = []string{"HTTP_A: x"}, []apps.Difference{{Field: "HTTP_A", B: `"x"`}}
		}
		if diff := cmp.Diff(want, a.Diff(b)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if d := slices.Concat(a.Diff(a), b.Diff(b)); len(d) != 0 {
			t.Errorf("%s differs from itself: %v", name, d)
		}
	}
}

func TestDiffOfHeaders(t *testing.T) {
	tests := []struct {
		a, b []string
		want []string
	}{
		{nil, []string{}, nil},
		{[]string{"HTTP_A: "}, nil, []string{`HTTP_A: a has "", b has nothing`}},
		{[]string{"HTTP_A: b: c"}, []string{"HTTP_A: b: d"}, []string{`HTTP_A: a has "b: c", b has "b: d"`}},
		{[]string{"HTTP_A: 1", "HTTP_A: 2"}, []string{"HTTP_A: 2"}, []string{`HTTP_A: a has "1""2", b has "2"`}},
		{[]string{"HTTP_C: 1", "HTTP_A: 1"}, []string{"HTTP_B: 1"}, []string{
			`HTTP_A: a has "1", b has nothing`, `HTTP_B: a has nothing, b has "1"`, `HTTP_C: a has "1", b has nothing`,
		}},
	}
	for _, tt := range tests {
		var got []string
		for _, d := range (apps.Environ{Headers: tt.a}).Diff(apps.Environ{Headers: tt.b}) {
			got = append(got, d.String())
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q and %q: %s", tt.a, tt.b, diff)
		}
	}
}
