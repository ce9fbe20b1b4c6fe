package verdict

import (
	"math"
	"math/rand/v2"
	"slices"
)

// conditions make the trials of a run, in the order of time. All is in
// logarithms: what slows a trial by 10 % adds log(0.9).
type conditions struct {
	name string
	// host is what the machine does at each of so many moments, to whatever
	// case is measured then; nil for a machine that is always the same.
	host func(r *rand.Rand, moments int) []float64
	// noise is a trial's own, drawn for each metric of it: of median 0, or the same
	// for all cases.
	noise func(*rand.Rand) float64
	// noiseOfFirst is that of the first case, where it is another.
	noiseOfFirst func(*rand.Rand) float64
	// memory is how much of its noise a case keeps from one block to the next,
	// from 0 to below 1.
	memory float64
}

// kinds are the rows of the tables. What the method promises, it promises for
// those before unkept.
var kinds = []conditions{
	{name: "normal noise, 10 %", noise: normal(0.1)},
	{name: "skewed noise: exponential slowdowns, 20 %", noise: exponential},
	{name: "skewed noise: lognormal slowdowns, 10 %", noise: lognormal},
	{name: "heavy tails: Student's t with 3 degrees, 10 %", noise: student},
	{name: "heavy tails: every tenth trial slowed, Pareto", noise: contaminated},
	{name: "autocorrelated host, 0.9 from trial to trial", noise: normal(0.1), host: autocorrelated},
	{name: "drifting host: 30 % over the run", noise: normal(0.1), host: drift},
	{name: "drifting host: one step of 30 %", noise: normal(0.1), host: step},
	{name: "all of these at once", noise: contaminatedSlowdowns, host: everything},
}

// unkept are kinds that break what package stats assumes of the blocks.
var unkept = []conditions{
	{name: "ratios that remember: 0.8 from block to block", noise: normal(0.1), memory: 0.8},
	{name: "skewed noise on one side only", noise: normal(0.02), noiseOfFirst: centred(exponential, math.Log(1+0.2*math.Ln2))},
}

var everyKind = slices.Concat(kinds, unkept)

func normal(deviation float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return deviation * r.NormFloat64() }
}

// exponential, like lognormal, only ever slows down, as a neighbour does.
func exponential(r *rand.Rand) float64 { return -math.Log(1 + 0.2*r.ExpFloat64()) }

func lognormal(r *rand.Rand) float64 { return -math.Log(1 + 0.1*math.Exp(r.NormFloat64())) }

// student is Student's t with three degrees of freedom: it has a variance, but
// no fourth moment.
func student(r *rand.Rand) float64 {
	square := func() float64 { z := r.NormFloat64(); return z * z }
	return 0.1 * r.NormFloat64() / math.Sqrt((square()+square()+square())/3)
}

// contaminated slows every tenth trial by a factor without a variance: Pareto
// of index 1.5, so that one in three of them takes more than twice as long.
func contaminated(r *rand.Rand) float64 {
	noise := 0.05 * r.NormFloat64()
	if r.Float64() < 0.1 {
		noise -= r.ExpFloat64() / 1.5
	}
	return noise
}

func contaminatedSlowdowns(r *rand.Rand) float64 { return contaminated(r) + exponential(r) }

// centred moves the median of a noise that slows to 0.
func centred(noise func(*rand.Rand) float64, median float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return noise(r) + median }
}

// autocorrelated is an autoregressive process: a standard deviation of 30 %, of
// which 0.9 is left a trial later and a third after ten.
func autocorrelated(r *rand.Rand, moments int) []float64 {
	const memory, deviation = 0.9, 0.3
	x := make([]float64, moments)
	state := deviation * r.NormFloat64()
	for i := range x {
		x[i] = state
		state = memory*state + math.Sqrt(1-memory*memory)*deviation*r.NormFloat64()
	}
	return x
}

// drift ends 30 % slower than it began, or began so.
func drift(r *rand.Rand, moments int) []float64 {
	x := make([]float64, moments)
	for i := range x {
		x[i] = math.Log(1 - 0.3*float64(i)/float64(moments-1))
	}
	return eitherWay(r, x)
}

// step is 30 % slower from some moment on, or until then.
func step(r *rand.Rand, moments int) []float64 {
	x := make([]float64, moments)
	for i := r.IntN(moments); i < moments; i++ {
		x[i] = math.Log(0.7)
	}
	return eitherWay(r, x)
}

// eitherWay turns the course of a host round, every other time.
func eitherWay(r *rand.Rand, x []float64) []float64 {
	if r.IntN(2) == 0 {
		for i := range x {
			x[i] = -x[i]
		}
	}
	return x
}

func everything(r *rand.Rand, moments int) []float64 {
	x := autocorrelated(r, moments)
	for _, other := range [][]float64{drift(r, moments), step(r, moments)} {
		for i := range x {
			x[i] += other[i]
		}
	}
	return x
}

// simulatedRun holds what was measured, more being better: values[case][metric][block].
type simulatedRun [][][]float64

// interleaved measures every case once in each block, in random order.
func (c conditions) interleaved(r *rand.Rand, levels []float64, metrics, blocks int) simulatedRun {
	run := newSimulatedRun(len(levels), metrics)
	host := c.hostFor(r, len(levels)*blocks)
	noise := c.newNoise(len(levels), metrics)
	for block := range blocks {
		for i, which := range r.Perm(len(levels)) {
			run.measure(r, noise, which, levels[which], host[block*len(levels)+i])
		}
	}
	return run
}

// inTurn measures the first case so many times, and then the second.
func (c conditions) inTurn(r *rand.Rand, levels []float64, blocks int) simulatedRun {
	run := newSimulatedRun(len(levels), 1)
	host := c.hostFor(r, len(levels)*blocks)
	noise := c.newNoise(len(levels), 1)
	for which, level := range levels {
		for block := range blocks {
			run.measure(r, noise, which, level, host[which*blocks+block])
		}
	}
	return run
}

func newSimulatedRun(cases, metrics int) simulatedRun {
	run := make(simulatedRun, cases)
	for i := range run {
		run[i] = make([][]float64, metrics)
	}
	return run
}

func (run simulatedRun) measure(r *rand.Rand, noise noises, which int, level, host float64) {
	for metric := range run[which] {
		run[which][metric] = append(run[which][metric], level*math.Exp(host+noise.draw(r, which, metric)))
	}
}

func (c conditions) hostFor(r *rand.Rand, moments int) []float64 {
	if c.host == nil {
		return make([]float64, moments)
	}
	return c.host(r, moments)
}

// noises draws the noise of each case and metric, which may remember.
type noises struct {
	conditions
	last [][]float64 // by case and metric; nil where nothing is remembered
}

func (c conditions) newNoise(cases, metrics int) noises {
	n := noises{conditions: c}
	if c.memory > 0 {
		n.last = make([][]float64, cases)
		for i := range n.last {
			n.last[i] = make([]float64, metrics)
		}
	}
	return n
}

func (n noises) draw(r *rand.Rand, which, metric int) float64 {
	fresh := n.noise
	if which == 0 && n.noiseOfFirst != nil {
		fresh = n.noiseOfFirst
	}
	x := fresh(r)
	if n.last == nil {
		return x
	}
	// The first one is remembered as it is, so that all have the same scatter.
	if last := &n.last[which][metric]; *last == 0 {
		*last = x
	} else {
		*last = n.memory**last + math.Sqrt(1-n.memory*n.memory)*x
	}
	return n.last[which][metric]
}
