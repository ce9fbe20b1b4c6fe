// Package benchmarks holds gwbench's side-by-side comparisons with its peers:
// net/http, Caddy's FastCGI transport, the vegeta command, wrk and hey. It is
// a module of its own, so that the peers stay out of gwbench's go.mod.
//
// Each comparison interleaves the two sides within one run and reports the
// paired ratio with its interval; an absolute figure from one machine says
// little on another.
//
//	go test -run '^$' -bench . -benchtime 12x
package benchmarks
