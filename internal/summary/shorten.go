package summary

import (
	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Shorten cuts text to that many terminal cells, the last of which is then an
// ellipsis.
func Shorten(s string, width int) string {
	if twwidth.Width(s) <= width {
		return s
	}
	total := 0
	for i, r := range s {
		total += twwidth.Width(string(r))
		if total > width-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// ShortenMiddle cuts text to that many terminal cells and keeps both ends,
// where names with a number behind them differ.
func ShortenMiddle(s string, width int) string {
	if twwidth.Width(s) <= width {
		return s
	}
	runes := []rune(s)
	if width = max(width, 1); len(runes) > 2*width {
		runes = append(runes[:width:width], runes[len(runes)-width:]...)
	}
	head, tail := "", ""
	for i, j := 0, len(runes)-1; i < j; {
		var longer string
		if len(head) <= len(tail) {
			longer = head + string(runes[i]) + "…" + tail
		} else {
			longer = head + "…" + string(runes[j]) + tail
		}
		if twwidth.Width(longer) > width {
			break
		}
		if len(head) <= len(tail) {
			head += string(runes[i])
			i++
		} else {
			tail = string(runes[j]) + tail
			j--
		}
	}
	return head + "…" + tail
}
