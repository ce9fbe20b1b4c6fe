package results

import "slices"

// Note says what disturbed a trial, or what limits what it can tell.
type Note struct {
	Kind string `json:"kind"` // one of noteKinds
	Text string `json:"text"`
}

// noteKinds says what notes of each kind tell.
var noteKinds = map[string]string{
	"steal":                 "CPU time taken by the hypervisor",
	"others":                "CPU time taken by other programs",
	"frequency":             "a change of the CPUs' frequency",
	"throttle":              "CPUs slowed down because they were hot",
	"listen-overflow":       "a full queue of new connections, somewhere on the machine",
	"backlog":               "a queue of new connections too short for the clients",
	"retransmit":            "TCP segments sent again",
	"ports":                 "a load generator out of ports",
	"late":                  "requests sent after their time, or never",
	"connection":            "keep-alive that is none",
	"keep-alive-starvation": "clients waiting for a worker that others' open connections held",
	"delayed-ack":           "answers waiting for a delayed acknowledgement",
	"errors":                "responses that failed or were wrong",
	"log":                   "a telling line of the server's log",
	"bottleneck":            "a load generator at its limit",
	"search":                "no rate that held the objectives of the search",
}

// About says what notes of this kind tell, as part of a sentence; of a kind that is
// not known it is the kind.
func (n Note) About() string {
	if about, ok := noteKinds[n.Kind]; ok {
		return about
	}
	return n.Kind
}

// ofHost are the kinds of notes on what the host did.
var ofHost = []string{"steal", "others", "frequency", "throttle"}

// OfHost tells whether the note is of a disturbance by the host, which makes figures of
// the trial wrong, or may do so. Other notes are of the servers, the load generator and
// their connections: what they tell belongs to what was measured.
func (n Note) OfHost() bool { return slices.Contains(ofHost, n.Kind) }

// ofLimits are the kinds of notes that only explain what limited a trial, or that its
// search found nothing: reports tell both elsewhere, as the trial's bottleneck and as
// what the search came to.
var ofLimits = []string{"bottleneck", "search"}

// OfMeasurement tells whether the note is a reason to call a trial noted: it is of neither
// the host nor a limit, but of something that a reader of the figures has to know. One of
// an unknown kind is.
func (n Note) OfMeasurement() bool { return !n.OfHost() && !slices.Contains(ofLimits, n.Kind) }

// Disturbed tells whether the host disturbed the trial, be it valid or not.
func (t Trial) Disturbed() bool { return slices.ContainsFunc(t.Notes, Note.OfHost) }

// Noted tells whether the trial has notes of its measurement, be it disturbed or not.
func (t Trial) Noted() bool { return slices.ContainsFunc(t.Notes, Note.OfMeasurement) }
