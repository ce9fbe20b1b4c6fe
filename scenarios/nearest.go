package scenarios

import (
	"fmt"
	"strings"
)

// suggest is the hint for a name that is not one of the valid ones: the
// nearest of them, else all of them.
func suggest(name string, valid []string) string {
	if near := nearest(name, valid); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(valid) == 0 {
		return "there is nothing to choose from here"
	}
	return "valid here: " + strings.Join(valid, ", ")
}

// nearest returns the valid name with the smallest edit distance from name,
// the first of them on a tie, or "" where none is near enough to be a
// misspelling: one edit, and about one for every three characters.
func nearest(name string, valid []string) string {
	best, bestDistance := "", max(1, (1+len([]rune(name)))/3)
	for _, v := range valid {
		if d := distance(strings.ToLower(name), strings.ToLower(v)); d < bestDistance || best == "" && d == bestDistance {
			best, bestDistance = v, d
		}
	}
	return best
}

// distance is the number of insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	// Three rows of the table are enough: a swap looks back two.
	before, previous, current := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(s); i++ {
		current[0] = i
		for j := 1; j <= len(t); j++ {
			substitution := previous[j-1]
			if s[i-1] != t[j-1] {
				substitution++
			}
			current[j] = min(previous[j]+1, current[j-1]+1, substitution)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(t)]
}
