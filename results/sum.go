package results

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
)

// A flipped digit leaves a number that looks like any other, so from schema 2 on
// what is written ends in a checksum: the last key of each JSON object, "sum", is
// the CRC-32C of all the file's bytes before it. In trials.jsonl it covers the
// lines before it too, so that none can be lost or change its place. To other
// programs it is one more key.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// firstSummed is the first schema version with checksums in a run folder.
const firstSummed = 2

// sumDigits is the length of a checksum in hex.
const sumDigits = 8

// sumFrame is what stands around the digits of a checksum.
type sumFrame struct {
	lead, tail string
	closing    string // how the object ends without a checksum
}

var (
	lineSum     = sumFrame{`,"sum":"`, `"}`, "}"}                  // of a line in trials.jsonl, without its newline
	documentSum = sumFrame{",\n  \"sum\": \"", "\"\n}\n", "\n}\n"} // of a file that is one indented object
)

// seal adds the checksum to a JSON object. before is that of what precedes the
// object in its file.
func (f sumFrame) seal(object []byte, before uint32) []byte {
	body := bytes.TrimSuffix(object, []byte(f.closing))
	return fmt.Appendf(body[:len(body):len(body)], "%s%08x%s", f.lead, crc32.Update(before, castagnoli, body), f.tail)
}

// verify returns nil if the object, which ends in its checksum, is as it was
// when it was sealed.
func (f sumFrame) verify(object []byte, before uint32) error {
	at := len(object) - len(f.lead) - sumDigits - len(f.tail)
	if at < 0 || !bytes.HasPrefix(object[at:], []byte(f.lead)) || !bytes.HasSuffix(object, []byte(f.tail)) {
		return errors.New("no checksum at the end")
	}
	want := fmt.Sprintf("%08x", crc32.Update(before, castagnoli, object[:at]))
	if got := object[at+len(f.lead):][:sumDigits]; string(got) != want {
		return fmt.Errorf("the checksum is %s, that of what is there %s", got, want)
	}
	return nil
}
