package targets

import (
	"context"
	"net"

	"github.com/gwbench/gwbench/protocols"
)

// Front is a reverse proxy between the load and a target. It is described by a
// recipe too, targets/fronts/<name>/recipe.yaml, whose lines are about its hop
// to the target. The load asks every front in the same way, in HTTP/1.1 with
// keep-alive over TCP, so that fronts differ in what they do and not in how
// they are asked.
type Front struct{ recipe *Recipe }

// FrontNames lists the fronts in alphabetical order.
func FrontNames() []string { return namesOf(shippedFronts) }

// FindFront returns the front of that name; the error for an unknown one has
// the nearest name.
func FindFront(name string) (*Front, error) {
	r, err := find("front", name, shippedFronts)
	if err != nil {
		return nil, err
	}
	return &Front{r}, nil
}

// Recipe describes the front: what it is called, needs and is known for. Its
// Start is not for use: a front needs a target.
func (f *Front) Recipe() *Recipe { return f.recipe }

// Supports returns nil, or says why the front cannot pass requests on in that
// way.
func (f *Front) Supports(protocol, network, connection string) error {
	return f.recipe.Supports(protocol, network, connection, "")
}

// Start starts the front before a target that is running, and returns once a
// request was answered through both. Of the options, Connection is that of the
// hop to the target, and Protocol, Network and Application are not used. The
// target has to be stopped after the front.
func (f *Front) Start(ctx context.Context, o Options, target *Instance) (*Instance, error) {
	e := target.Endpoint()
	o.Protocol, o.Network, o.Application = e.Protocol, e.Network, ""
	o.behind = &hop{endpoint: e, script: target.script}
	return f.recipe.Start(ctx, o)
}

// hop is where a front passes requests on to.
type hop struct {
	endpoint protocols.Endpoint
	script   string
}

func (h *hop) values() map[string]string {
	values := map[string]string{"target": h.endpoint.Address, "target_script": h.script}
	if h.endpoint.Network == unixSocket {
		values["target_socket"] = h.endpoint.Address
		return values
	}
	values["target_host"], values["target_port"], _ = net.SplitHostPort(h.endpoint.Address)
	return values
}
