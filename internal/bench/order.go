package bench

import (
	"math/rand/v2"

	"github.com/gwbench/gwbench/results"
)

// placed is a case with its place in a block, from 1.
type placed struct {
	of    results.Case
	order int
}

// order is how a block runs the cases: in groups that share one server, both
// drawn from the run's seed and the block's number alone, so that a run that is
// resumed goes on as it would have.
func (p *Plan) order(seed uint64, block int) [][]placed {
	rng := rand.New(rand.NewPCG(seed, uint64(block)))
	servers := p.servers()
	rng.Shuffle(len(servers), func(i, j int) { servers[i], servers[j] = servers[j], servers[i] })
	groups := make([][]placed, len(servers))
	order := 0
	for i, cases := range servers {
		rng.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
		for _, one := range cases {
			order++
			groups[i] = append(groups[i], placed{one, order})
		}
	}
	return groups
}
