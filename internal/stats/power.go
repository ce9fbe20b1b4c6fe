package stats

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// power is the chance of a decision that MinDetectable and BlocksFor plan for.
const power = 0.8

// furthest is the largest number of blocks that BlocksFor considers.
const furthest = 100_000

// MinDetectable returns the smallest ratio above 1 that n blocks would tell
// from 1 with 80 % power in a two-sided test at alpha, if log ratios go on to
// scatter as these do. It is +Inf where n blocks cannot tell anything, or with
// fewer than two log ratios. It is an approximation: it takes the scatter for
// normal and for known.
func MinDetectable(logRatios []float64, n int, alpha float64) float64 {
	distance := detectable(n, alpha)
	if len(logRatios) < 2 || math.IsInf(distance, 1) { // also without any scatter, which times infinity is NaN
		return math.Inf(1)
	}
	return math.Exp(stat.StdDev(logRatios, nil) * distance)
}

// BlocksFor returns the number of blocks at which the ratio that these log
// ratios estimate is told from factor with 80 % power in a two-sided test at
// alpha: the same approximation as MinDetectable. It is 0 where that is
// unknown: with fewer than two log ratios, or where the ratio is so close to
// factor that it would take more than 100000 blocks.
func BlocksFor(logRatios []float64, factor, alpha float64) int {
	if len(logRatios) < 2 {
		return 0
	}
	distance := math.Abs(HodgesLehmann(logRatios) - math.Log(factor))
	scatter := stat.StdDev(logRatios, nil)
	least := MinBlocks(alpha)
	if distance <= resolution || least > furthest {
		return 0
	}
	n := least + sort.Search(furthest-least+1, func(i int) bool {
		return scatter*detectable(least+i, alpha) <= distance
	})
	if n > furthest {
		return 0
	}
	return n
}

// detectable returns the distance, in standard deviations of one block, that
// the signed-rank test of n blocks tells from none with the given power.
//
// It is the distance of the t test stretched by sqrt(pi/3), the price of ranks
// for normal noise (Hodges and Lehmann 1956). Where n allows no interval but
// the widest, the test rejects only if all n signs agree, which is more
// demanding and exact: Phi(distance)^n = power.
func detectable(n int, alpha float64) float64 {
	if n < 2 || n < MinBlocks(alpha) {
		return math.Inf(1)
	}
	quantile := distuv.UnitNormal.Quantile
	if n <= exactLimit {
		quantile = distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}.Quantile
	}
	ranks := (quantile(1-alpha/2) + quantile(power)) * math.Sqrt(math.Pi/3/float64(n))
	unanimous := 0.0
	if 2*math.Exp2(-float64(n))*2 > alpha {
		unanimous = distuv.UnitNormal.Quantile(math.Pow(power, 1/float64(n)))
	}
	return max(ranks, unanimous)
}
