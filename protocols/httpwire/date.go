package httpwire

import (
	"net/http"
	"sync/atomic"
	"time"
)

// dateLine is a Date field, good for one second.
type dateLine struct {
	second int64
	text   string
}

var lastDate atomic.Pointer[dateLine]

// appendDate appends the Date field for now (RFC 9110, 6.6.1). The line is
// formatted once a second, for all connections together.
func appendDate(dst []byte, now time.Time) []byte {
	second := now.Unix()
	d := lastDate.Load()
	if d == nil || d.second != second {
		d = &dateLine{second, "Date: " + now.UTC().Format(http.TimeFormat) + "\r\n"}
		lastDate.Store(d)
	}
	return append(dst, d.text...)
}
