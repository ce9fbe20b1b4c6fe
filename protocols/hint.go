package protocols

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
)

// schemeHint names the scheme that was probably meant.
func schemeHint(scheme string) string {
	if strings.EqualFold(scheme, "https") {
		return "TLS is not spoken here: use http"
	}
	var known []string
	for _, s := range specs {
		for _, name := range append([]string{s.Name}, s.Aliases...) {
			known = append(known, name, name+"+unix")
		}
	}
	if near := spelling.Nearest(scheme, known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "known are " + strings.Join(Names(), ", ") + ", each also with +unix"
}
