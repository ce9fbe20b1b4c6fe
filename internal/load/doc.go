// Package load drives one endpoint with vegeta and says what came back.
//
// A [Plan] is plain data: an endpoint, a request, the answer it must get, and
// a load. A closed load keeps a fixed number of clients busy, each of which
// waits for its answer before it asks again; an open load sends at instants
// fixed beforehand (constant or Poisson arrivals), whether the server keeps
// up or not. A [Generator] carries a Plan out and returns a [Result], plain
// data too.
//
// # What counts
//
// A response counts as correct when its status and its whole body are the
// expected ones; everything else is an error of one of the kinds listed at
// [Kinds]. Only correct responses enter the latency figures, so that a server
// that refuses quickly never looks fast. The errors are counted beside them,
// and whoever reads a latency must look at both.
//
// # Whose latency
//
// vegeta takes the time of a hit when a worker picks it up, so that the time a
// hit spent waiting for a free worker is invisible: coordinated omission. For
// an open load this package therefore measures latency from the instant the
// schedule intended (Result.Latency is "intended"); from the actual send it is
// called service time, and the difference is the lag, the generator's own
// lateness. For a closed load nothing is intended, and latency is service
// time (Result.Latency is "service").
//
// # What is not known
//
// A metric that cannot be known is missing, never 0: a latency where nothing
// was correct, or a quantile of fewer samples than it takes to have one beyond
// it (p90: 10, p99: 100, p99.9: 1000).
package load
