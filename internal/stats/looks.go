package stats

// Looks returns the block counts at which a run may stop, in increasing order:
// lowest, then 1.5, 2, 3, 4, 6, 8, 12... times that (rounded up) while below highest,
// and highest. There are few of them on purpose, because the error rate is
// split over them. A lowest below 1 counts as 1; a highest below lowest is the
// only look.
func Looks(lowest, highest int) []int {
	lowest = max(lowest, 1)
	var looks []int
	for n := lowest; n < highest; n *= 2 {
		looks = append(looks, n)
		if half := (n + 1) / 2; half < n && half < highest-n {
			looks = append(looks, n+half)
		}
		if n > highest/2 {
			break
		}
	}
	return append(looks, highest)
}
