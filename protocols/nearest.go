package protocols

import (
	"fmt"
	"slices"
	"strings"
)

// schemeHint names the scheme that was probably meant.
func schemeHint(scheme string) string {
	scheme = strings.ToLower(scheme)
	if scheme == "https" {
		return "TLS is not spoken here: use http"
	}
	var known []string
	for _, s := range specs {
		for _, name := range append([]string{s.Name}, s.Aliases...) {
			known = append(known, name, name+"+unix")
		}
	}
	best := slices.MinFunc(known, func(a, b string) int { return distance(scheme, a) - distance(scheme, b) })
	if distance(scheme, best) <= max(2, len(scheme)/3) {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return "known are " + strings.Join(Names(), ", ") + ", each also with +unix"
}

// distance is the Levenshtein distance between two short strings, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
