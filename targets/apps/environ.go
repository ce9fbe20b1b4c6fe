package apps

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/protocols/cgi"
)

// Environ is the part of a WSGI environ (PEP 3333) that must be equal over
// every protocol. Strings are native strings: each byte is one character of
// latin-1, whatever encoding the client meant.
type Environ struct {
	Method        string `json:"method"`
	ScriptName    string `json:"script_name"`
	PathInfo      string `json:"path_info"` // percent-decoded
	QueryString   string `json:"query_string"`
	ContentType   string `json:"content_type"`
	ContentLength int64  `json:"content_length"` // that of the body where none was announced
	// Headers are "HTTP_NAME: value", sorted. Not among them are Content-Type
	// and Content-Length, which are no HTTP_ variables, hop-by-hop fields
	// (RFC 9110, 7.6.1), which end at the gateway, and Proxy (httpoxy).
	Headers    []string `json:"headers"`
	BodyLength int64    `json:"body_length"` // bytes that could be read
	BodySHA256 string   `json:"body_sha256"` // hexadecimal
}

// leftOut names the variables that Environ.Headers does without.
var leftOut = []string{
	"HTTP_CONNECTION", "HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE", "HTTP_KEEP_ALIVE", "HTTP_PROXY",
	"HTTP_PROXY_AUTHENTICATE", "HTTP_PROXY_AUTHORIZATION", "HTTP_PROXY_CONNECTION", "HTTP_TE", "HTTP_TRAILER",
	"HTTP_TRANSFER_ENCODING", "HTTP_UPGRADE",
}

// NewEnviron reads the whole request. Over a gateway protocol it is taken from
// the CGI variables as they arrived, over HTTP from the request as a gateway
// would translate it. An error means that the body could not be read.
func NewEnviron(r *http.Request) (Environ, error) {
	body := sha256.New()
	length, err := io.Copy(body, r.Body)
	if err != nil {
		return Environ{}, unreadable(length, err)
	}
	e := Environ{BodyLength: length, BodySHA256: hex.EncodeToString(body.Sum(nil)), ContentLength: r.ContentLength}
	if e.ContentLength < 0 {
		e.ContentLength = length
	}
	headers := make(map[string]string)
	if vars := cgi.Environ(r); vars != nil {
		e.Method, e.ScriptName, e.PathInfo = vars["REQUEST_METHOD"], vars["SCRIPT_NAME"], vars["PATH_INFO"]
		e.QueryString, e.ContentType = vars["QUERY_STRING"], vars["CONTENT_TYPE"]
		for name, value := range vars {
			if strings.HasPrefix(name, "HTTP_") {
				headers[name] = value
			}
		}
	} else {
		e.Method, e.PathInfo = r.Method, r.URL.Path
		e.QueryString, e.ContentType = r.URL.RawQuery, r.Header.Get("Content-Type")
		headers["HTTP_HOST"] = r.Host
		for name, values := range r.Header {
			headers["HTTP_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))] = strings.Join(values, separator(name))
		}
	}
	for _, name := range leftOut {
		delete(headers, name)
	}
	for _, s := range []*string{&e.Method, &e.ScriptName, &e.PathInfo, &e.QueryString, &e.ContentType} {
		*s = latin1(*s)
	}
	e.Headers = make([]string, 0, len(headers))
	for name, value := range headers {
		e.Headers = append(e.Headers, latin1(name+": "+value))
	}
	slices.Sort(e.Headers)
	return e, nil
}

// unreadable is the error of a body that broke off after so many bytes.
func unreadable(length int64, err error) error {
	return fmt.Errorf("read the request's body after %d bytes: %w", length, err)
}

// separator joins the values of a header field that came more than once
// (RFC 9110, 5.3; RFC 6265, 5.4 for cookies).
func separator(name string) string {
	if name == "Cookie" {
		return "; "
	}
	return ", "
}

// latin1 turns each byte into the character of that number.
func latin1(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}
