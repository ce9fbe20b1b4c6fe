// Package bench conducts a run: it plans the cases of a scenario, checks that
// every one of them serves the same answers, measures them in randomised
// complete blocks, stores each trial as it ends, and stops at the planned
// looks once the claims are decided.
//
// One run at a time: it pins the threads of the process and takes its CPU time
// for the generator's.
package bench
