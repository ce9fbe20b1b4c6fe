// Package doctor tells whether a machine is fit to measure on. Examine looks at
// its settings and at what runs on it; Prove measures gwbench's own server, of
// which the answers are known beforehand: two targets that are the same, and
// one that is slower by a known amount.
//
// Its opinion: a check is as good as its figures, so each one shows them, says
// why they matter and what to do; and what cannot be read is unknown, which is
// no reason to worry and never a pass.
package doctor
