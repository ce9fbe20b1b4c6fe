// Package verdict turns records and claims into verdicts: pure functions, safe
// for concurrent use, that never modify their arguments.
//
// A claim says that a metric of some cases is at least, or at most, so many
// times better than that of others. Each metric and each pair of cases makes
// one Comparison, and all comparisons of a scenario's claims and gates are one
// family. A comparison is decided by the interval of its ratio alone: it is
// supported if the whole interval satisfies the factor, refuted if none of it
// does, and else inconclusive.
//
// Four things are shown beside the verdicts, decide nothing and belong to no
// family: the parts of a ratio whose cases differ on several axes (Part), what
// each axis does to a metric (Effects), the slopes of metrics along axes of
// numbers (Trends), and what all cases went through together in the course of a
// run (Drift).
//
// # What a verdict promises
//
// The chance that a run ends with any false verdict is at most Alpha. The error
// rate is first divided by the number of looks at which the run may stop, so
// that stopping early costs nothing; call the rest a, and the size of the
// family m. The interval of each comparison is made at its own rate: that of
// Holm's step-down procedure over the family, but never more than 2a/m. That
// guards against two errors at once, however the comparisons depend on each
// other (they share blocks, hosts and often cases):
//
//   - Deciding what is equal. Where the ratio is the factor itself, nothing
//     should come out of the test, and by Holm (1979) the chance that anything
//     does is at most a for all such comparisons together: a ratio is off the
//     end of its interval if and only if its p-value is at most its rate. This
//     is what an A/A run checks.
//   - Deciding the wrong way. The step-down argument says nothing of the
//     direction of an error, except where comparisons are independent (Shaffer
//     1980, Finner 1999). The cap does. A false verdict means that the true
//     ratio lies beyond one certain end of the interval. An interval at a
//     smaller rate only reaches further, so the ratio also lies beyond that end
//     of the interval at 2a/m, whatever the p-values made of the rate. One end
//     misses with a chance of at most a/m, and m of them with at most a.
//
// It follows from the cap too that the intervals may be read as such, although
// the p-values chose their rates: each misses its ratio with a chance of at most
// 2a/m, and any of them does with a chance of at most 2a. All of this assumes
// what package stats does, independent blocks and symmetric noise.
//
// # Changes between runs
//
// Compare and ComparePaired judge one run by another, or some cases of a run by
// others. A change has three outcomes where a claim has two: worse, better, and
// the same within a threshold, each where the whole interval is. Each of them
// still says that the true ratio is beyond one certain end of the interval, so
// that the argument above holds for all changes as one family. What is decided by
// a rule, as errors are, is no member of it, and nobody promises how often a rule
// errs.
package verdict
