// Package stats holds the statistics of ratios: pure functions of numbers, safe
// for concurrent use, that never modify their arguments.
//
// A benchmark's trials come in blocks, and what changes from block to block
// (the host, its neighbours, its temperature) changes for both members of a
// pair alike. So nearly everything here looks at one number per block, the
// logarithm of a ratio, and assumes of it only that the blocks are independent
// and that the noise is symmetric: not that it is normal, and not that it has a
// variance. The estimate is that of Hodges and Lehmann (1963), the interval and
// the p-value are those of the exact signed-rank test of Wilcoxon (1945).
//
// Two runs have no blocks in common: UnpairedRatio compares their medians, with
// the interval of a bootstrap, and MannWhitney tells whether they come from one
// distribution. Both take all values of a run for independent.
//
// Two further tools describe rather than test: Shapley divides a difference
// among the steps that make it, and FitLine puts a line through points. Locate
// gives what they yield in each block an estimate and an interval.
//
// The interval and the p-value of pairs are two readings of one test: a value
// lies in the interval at 1-alpha if and only if its p-value exceeds alpha.
package stats
