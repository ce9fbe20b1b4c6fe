package results

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
)

// A flipped digit leaves a number that looks like any other, so what is written
// here ends in a checksum of itself: the last key of each JSON object, "sum", is
// the CRC-32C of all the file's bytes before it. Readers of other makers pass it
// over as a key that they do not know.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumFrame is what stands around the eight hex digits of a checksum.
type sumFrame struct {
	lead, tail string
	closing    string // how the object ends without a checksum
}

var (
	lineSum     = sumFrame{`,"sum":"`, "\"}\n", "}\n"}             // of a line in trials.jsonl
	documentSum = sumFrame{",\n  \"sum\": \"", "\"\n}\n", "\n}\n"} // of a file that is one indented object
)

// seal adds the checksum to a JSON object. before is that of what precedes the
// object in its file.
func (f sumFrame) seal(object []byte, before uint32) []byte {
	body := bytes.TrimSuffix(object, []byte(f.closing))
	return fmt.Appendf(body[:len(body):len(body)], "%s%08x%s", f.lead, crc32.Update(before, castagnoli, body), f.tail)
}

// verify tells whether the object is as it was when it was sealed.
func (f sumFrame) verify(object []byte, before uint32) error {
	at := len(object) - len(f.lead) - 8 - len(f.tail)
	if at < 0 || !bytes.HasPrefix(object[at:], []byte(f.lead)) || !bytes.HasSuffix(object, []byte(f.tail)) {
		return errors.New("it does not end in its checksum, so it was changed after gwbench wrote it: take it from a copy")
	}
	want := fmt.Sprintf("%08x", crc32.Update(before, castagnoli, object[:at]))
	if got := object[at+len(f.lead) : len(object)-len(f.tail)]; string(got) != want {
		return fmt.Errorf("its checksum is %s and should be %s, so it was changed after gwbench wrote it: take it from a copy", want, got)
	}
	return nil
}
