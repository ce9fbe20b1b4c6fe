package uwsgi

import (
	"encoding/binary"
	"fmt"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// MaxVars is the largest size in bytes of a block of variables: what its
// 16-bit size field can tell. uWSGI itself takes 4096 unless its --buffer-size
// says otherwise.
const MaxVars = 1<<16 - 1

const headerSize = 4 // bytes

// Modifiers (the first byte of a packet) that this package knows.
const (
	modifierWSGI = 0
	modifierPing = 100
)

// modifierNames are for error messages: what a front that was configured for
// another plugin of uWSGI sends.
var modifierNames = map[byte]string{5: " (PSGI)", 6: " (Lua)", 7: " (Rack)", 9: " (CGI)", 14: " (PHP)", 17: " (spooler)"}

// appendPacket appends header and block.
func appendPacket(dst []byte, v *cgi.Vars) ([]byte, error) {
	size := v.Size() + 4*v.Len()
	if size > MaxVars {
		return dst, &cgi.LimitError{What: "uwsgi vars block", Size: int64(size), Limit: MaxVars}
	}
	dst = append(dst, modifierWSGI, byte(size), byte(size>>8), 0)
	for i := range v.Len() {
		name, value := v.At(i)
		dst = binary.LittleEndian.AppendUint16(dst, uint16(len(name)))
		dst = append(dst, name...)
		dst = binary.LittleEndian.AppendUint16(dst, uint16(len(value)))
		dst = append(dst, value...)
	}
	return dst, nil
}

// parseBlock adds the variables of a block to v, copying them.
func parseBlock(v *cgi.Vars, block []byte) error {
	for rest := block; len(rest) > 0; {
		name, afterName, err := cutString(rest, "key")
		if err != nil {
			return err
		}
		if len(name) == 0 {
			return syntaxErrorf("key of length 0 at byte %d of the vars block", len(block)-len(rest))
		}
		value, afterValue, err := cutString(afterName, "value")
		if err != nil {
			return err
		}
		v.AddBytes(name, value)
		rest = afterValue
	}
	return nil
}

// cutString cuts a string behind its length off the front of b.
func cutString(b []byte, what string) (s, rest []byte, err error) {
	if len(b) < 2 {
		return nil, nil, syntaxErrorf("the vars block ends where the length of a %s should be", what)
	}
	length := int(binary.LittleEndian.Uint16(b))
	if length > len(b)-2 {
		return nil, nil, syntaxErrorf("%s length %d reaches past the vars block", what, length)
	}
	return b[2 : 2+length], b[2+length:], nil
}

func syntaxErrorf(format string, args ...any) error {
	return &cgi.SyntaxError{Protocol: "uwsgi", What: fmt.Sprintf(format, args...)}
}
