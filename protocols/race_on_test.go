//go:build race

package protocols_test

// raceEnabled: sync.Pool drops things at random then, and allocations cannot
// be counted.
const raceEnabled = true
