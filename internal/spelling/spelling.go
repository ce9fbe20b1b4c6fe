// Package spelling finds the name that a person probably meant: error messages
// about an unknown protocol, target, key or value end in a hint at it. Whether
// a name is near enough is decided here alone, and Hint words it; a caller that
// shows names in another way takes Nearest.
package spelling

import "strings"

// Hint asks about the known name that was probably meant, "did you mean http? ",
// before what a message says next; "" where none is near enough.
func Hint(name string, known []string) string {
	near := Nearest(name, known)
	if near == "" {
		return ""
	}
	return "did you mean " + near + "? "
}

// Nearest returns the known name with the smallest edit distance from name,
// the first of them on a tie, or "" where none is near enough to be a
// misspelling: one edit, and about one for every three characters. Upper and
// lower case are the same.
func Nearest(name string, known []string) string {
	best, bestDistance := "", max(1, (1+len([]rune(name)))/3)
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < bestDistance || best == "" && d == bestDistance {
			best, bestDistance = k, d
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
