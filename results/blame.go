package results

// What of a trial is not the servers' doing. The two shares are judgements, not
// laws, from which on a trial is worth another attempt: one clock tick of steal
// in a trial of 300 ms on two CPUs is 1.7 %, and the standard error of what others
// took 1.4 %. A program that always wants to run takes half of a busy CPU, which is
// a quarter of two, or a third of it where a front and a target have that CPU.
// docs/method.md has them in a table.
const (
	StealLimit  = 0.10 // of all CPU time, taken by the hypervisor
	OthersLimit = 0.15 // of the time of the run's CPUs, taken by other programs

	// KindPorts is the ErrorCount.Kind of requests for which the load generator had
	// no local port left.
	KindPorts = "ports"
)

// Stolen tells whether the hypervisor took so much that the trial tells little
// of the servers.
func (u Usage) Stolen() bool { return u.Steal != nil && *u.Steal >= StealLimit }

// Crowded tells whether other programs did.
func (u Usage) Crowded() bool { return u.Others != nil && *u.Others >= OthersLimit }

// Spoiled tells whether the host did, one way or the other. What is unknown spoils
// nothing.
func (u Usage) Spoiled() bool { return u.Stolen() || u.Crowded() }
