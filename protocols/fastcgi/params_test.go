package fastcgi

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/protocols/cgi"
)

func TestPairVectors(t *testing.T) {
	long := strings.Repeat("v", 128)
	name127 := strings.Repeat("n", 127)
	for _, tc := range []struct{ name, value, wire string }{
		{"SERVER_PORT", "80", "\x0b\x02SERVER_PORT80"},
		{"SERVER_ADDR", "199.170.183.42", "\x0b\x0eSERVER_ADDR199.170.183.42"},
		{"FCGI_MAX_CONNS", "", "\x0e\x00FCGI_MAX_CONNS"},
		{"", "", "\x00\x00"},
		{name127, "", "\x7f\x00" + name127},
		{"A", long, "\x01\x80\x00\x00\x80A" + long},                    // nameValuePair14
		{long, "A", "\x80\x00\x00\x80\x01" + long + "A"},               // nameValuePair41
		{long, long, "\x80\x00\x00\x80\x80\x00\x00\x80" + long + long}, // nameValuePair44
	} {
		got := AppendPair(nil, []byte(tc.name), []byte(tc.value))
		if diff := cmp.Diff(tc.wire, string(got)); diff != "" {
			t.Errorf("AppendPair(%.20q, %.20q) (-want +got):\n%s", tc.name, tc.value, diff)
		}
		if size := pairSize([]byte(tc.name), []byte(tc.value)); size != len(tc.wire) {
			t.Errorf("pairSize(%.20q, %.20q) = %d, want %d", tc.name, tc.value, size, len(tc.wire))
		}
		name, value, n, need := ParsePair([]byte(tc.wire + "rest"))
		if string(name) != tc.name || string(value) != tc.value || n != len(tc.wire) || need != int64(n) {
			t.Errorf("ParsePair(%.20q) = %.20q, %.20q, %d, %d", tc.wire, name, value, n, need)
		}
		for cut := range len(tc.wire) {
			_, _, n, need := ParsePair([]byte(tc.wire[:cut]))
			if n != 0 || need <= int64(cut) || need > int64(len(tc.wire)) {
				t.Fatalf("ParsePair of the first %d bytes of %.20q: n %d, need %d", cut, tc.wire, n, need)
			}
		}
	}
}

func TestParsePairFourBytesForShortLengths(t *testing.T) {
	// Section 3.4 lets a sender spend four bytes on any length.
	name, value, n, _ := ParsePair([]byte("\x80\x00\x00\x01\x80\x00\x00\x02abc"))
	if string(name) != "a" || string(value) != "bc" || n != 11 {
		t.Errorf("got %q, %q, %d", name, value, n)
	}
}

// pairs returns the pairs of v.
func pairs(v *cgi.Vars) (list []cgi.Var) {
	for i := range v.Len() {
		name, value := v.At(i)
		list = append(list, cgi.Var{Name: string(name), Value: string(value)})
	}
	return list
}

// split parses wire into the contents of its PARAMS records, the empty one at
// the end left out.
func split(t interface{ Fatalf(string, ...any) }, wire []byte) (contents [][]byte) {
	for {
		h, err := ParseHeader(wire)
		if err != nil || h.Type != TypeParams || h.RequestID != 1 || len(wire) < HeaderSize+int(h.ContentLength) {
			t.Fatalf("record %+v, error %v, %d bytes left", h, err, len(wire))
		}
		content := wire[HeaderSize : HeaderSize+int(h.ContentLength)]
		wire = wire[HeaderSize+len(content):]
		if len(content) > 0 {
			contents = append(contents, content)
			continue
		}
		if len(wire) > 0 {
			t.Fatalf("%d bytes after the end of PARAMS", len(wire))
		}
		return contents
	}
}

func TestAppendParamsKeepsPairsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var v cgi.Vars
		sizes := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 300), rapid.IntRange(20_000, 66_000)), 0, 12).Draw(t, "sizes")
		for _, size := range sizes {
			v.Add("NAME", strings.Repeat("v", size))
		}
		wire, err := appendParams(nil, 1, &v)
		if err != nil {
			t.Fatal(err)
		}
		var got cgi.Vars
		var reader pairReader
		for _, content := range split(t, wire) {
			before := got.Len()
			if err := reader.add(content, &got); err != nil {
				t.Fatal(err)
			}
			// Only a pair that fits no record may lie in two.
			if len(reader.partial) > 0 {
				if _, _, _, need := ParsePair(reader.partial); need <= MaxContent {
					t.Fatalf("a pair of %d bytes straddles records", need)
				}
				if got.Len() != before {
					t.Fatal("a straddling pair shares its first record with others")
				}
			}
		}
		if err := reader.end(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(pairs(&v), pairs(&got)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A record takes 65535 bytes, and not one more.
func TestAppendParamsFillsRecords(t *testing.T) {
	for _, tc := range []struct {
		values []int // sizes; each pair has 6 bytes more
		want   []int // sizes of the records' contents
	}{
		{[]int{65529}, []int{65535}},
		{[]int{65530}, []int{65535, 1}},
		{[]int{30_000, 35_523}, []int{65535}},
		{[]int{30_000, 35_524}, []int{30_006, 35_530}},
		{[]int{1000, 70_000, 1000}, []int{1006, 65535, 4471, 1006}},
	} {
		var v cgi.Vars
		for _, size := range tc.values {
			v.Add("N", strings.Repeat("v", size))
		}
		wire, err := appendParams(nil, 1, &v)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, content := range split(t, wire) {
			got = append(got, len(content))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("values of %v bytes (-want +got):\n%s", tc.values, diff)
		}
	}
}

func TestAppendParamsEmpty(t *testing.T) {
	got, err := appendParams(nil, 1, &cgi.Vars{})
	if err != nil || string(got) != paramsEnd {
		t.Errorf("got %q, %v, want only the end of the stream", got, err)
	}
}

// However a stream is cut into records, and records into what the connection
// delivers, the same pairs come out.
func TestPairReaderRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) cgi.Var {
			return cgi.Var{
				Name:  rapid.StringN(0, 200, 300).Draw(t, "name"),
				Value: rapid.StringN(0, 200, 300).Draw(t, "value"),
			}
		}), 0, 8).Draw(t, "pairs")
		var wire []byte
		for _, p := range want {
			wire = AppendPair(wire, []byte(p.Name), []byte(p.Value))
		}
		br := bufio.NewReaderSize(bytes.NewReader(wire), rapid.IntRange(16, 600).Draw(t, "buffer"))
		var got cgi.Vars
		var reader pairReader
		for left := len(wire); left > 0; {
			n := rapid.IntRange(1, left).Draw(t, "record")
			if err := reader.read(br, n, &got); err != nil {
				t.Fatal(err)
			}
			left -= n
		}
		if err := reader.end(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(len(want), got.Len()); diff != "" {
			t.Fatal(diff)
		}
		for i, p := range pairs(&got) {
			if p != want[i] {
				t.Fatalf("pair %d is %q, want %q", i, p, want[i])
			}
		}
	})
}

func TestPairReaderLimits(t *testing.T) {
	var limit *cgi.LimitError
	var v cgi.Vars

	var announced pairReader
	err := announced.add([]byte("\x01\xff\xff\xff\xffA"), &v)
	if !errors.As(err, &limit) || limit.Size < 1<<31-1 || limit.Limit != MaxParams {
		t.Errorf("a value of 2 GiB: error %v, want a *cgi.LimitError", err)
	}

	var total pairReader
	content := bytes.Repeat([]byte("\x01\x01AB"), 8000)
	for err = nil; err == nil && total.size < 10*MaxParams; {
		err = total.read(bufio.NewReader(bytes.NewReader(content)), len(content), &v)
	}
	if !errors.As(err, &limit) || limit.Size <= MaxParams || limit.Size > MaxParams+MaxContent {
		t.Errorf("endless PARAMS: error %v, want a *cgi.LimitError", err)
	}
}

func TestPairReaderEndsWithinAPair(t *testing.T) {
	var v cgi.Vars
	var reader pairReader
	if err := reader.add([]byte("\x01\x02A"), &v); err != nil {
		t.Fatal(err)
	}
	var syntax *cgi.SyntaxError
	if err := reader.end(); !errors.As(err, &syntax) {
		t.Errorf("error %v, want a *cgi.SyntaxError", err)
	}
	reader.reset()
	if err := reader.end(); err != nil {
		t.Errorf("after reset: %v", err)
	}
}

func FuzzPairs(f *testing.F) {
	f.Add([]byte(appendixPairs), uint8(20))
	f.Add([]byte("\x80\x00\x00\x80\x01"+strings.Repeat("n", 128)+"v"), uint8(1))
	f.Add([]byte("\x01\xff\xff\xff\xffA"), uint8(3))
	f.Fuzz(func(t *testing.T, stream []byte, cut uint8) {
		if len(stream) > MaxContent {
			t.Skip()
		}
		var whole, pieces cgi.Vars
		var wholeReader, piecesReader pairReader
		wholeErr := wholeReader.add(stream, &whole)
		var piecesErr error
		for rest := stream; len(rest) > 0 && piecesErr == nil; {
			n := min(len(rest), int(cut)+1)
			piecesErr = piecesReader.add(rest[:n], &pieces)
			rest = rest[n:]
		}
		if (wholeErr == nil) != (piecesErr == nil) {
			t.Fatalf("whole: %v, in pieces: %v", wholeErr, piecesErr)
		}
		if diff := cmp.Diff(pairs(&whole), pairs(&pieces)); diff != "" {
			t.Fatal(diff)
		}
		// What was understood is written in no more bytes than it was read from.
		wire := []byte{}
		for _, p := range pairs(&whole) {
			wire = AppendPair(wire, []byte(p.Name), []byte(p.Value))
		}
		if len(wire) > len(stream) {
			t.Fatalf("%d bytes became %d", len(stream), len(wire))
		}
	})
}
