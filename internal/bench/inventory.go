package bench

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/gwbench/gwbench/internal/spelling"
	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets"
	"github.com/gwbench/gwbench/targets/apps"
)

// Inventory is what this machine can measure: every target, front and
// application, whether it is there, and what answered when it was tried. Its
// JSON is what `gwbench targets --json` prints; every key is always there.
type Inventory struct {
	Targets      []Holding            `json:"targets"`
	Fronts       []Holding            `json:"fronts"`
	Applications []ApplicationHolding `json:"applications"`
	Install      []string             `json:"install"` // commands that install all that is missing
}

// Holding is one target or front.
type Holding struct {
	Name      string   `json:"name"`
	About     string   `json:"about"`
	Available bool     `json:"available"`
	Version   string   `json:"version"` // "" where unknown
	Missing   string   `json:"missing"` // why it is not available, and what to do
	Packages  []string `json:"packages"`
	Install   string   `json:"install"` // command that installs it; "": it needs none, or none is known
	Caveat    string   `json:"caveat"`
	Offers    []Offer  `json:"offers"`

	Err  error `json:"-"` // why it is not available
	User bool  `json:"-"` // from a recipe of the user's
}

// Offer is one combination that a recipe has, and what became of the attempt
// to have it.
type Offer struct {
	Protocol    string `json:"protocol"` // of the hop to the target, for a front; so are the next two
	Network     string `json:"network"`
	Connection  string `json:"connection"`
	Application string `json:"application"` // that was, or would be, asked; "": the server's own
	Status      string `json:"status"`      // "ok", "not probed", or "failed: " and the reason in one line
	Note        string `json:"note"`        // what else was seen

	Err error `json:"-"` // in full, of one that failed
}

// StatusOK and StatusNotProbed are the values of Offer.Status but for
// failures, which begin with statusFailed.
const (
	StatusOK        = "ok"
	StatusNotProbed = "not probed"
	statusFailed    = "failed: "
)

// ApplicationHolding is one application.
type ApplicationHolding struct {
	Name      string   `json:"name"`
	About     string   `json:"about"`
	Available bool     `json:"available"`
	Missing   string   `json:"missing"` // why it is not available, and what to do
	Packages  []string `json:"packages"`
}

// Search says what to take the inventory of, and how.
type Search struct {
	Recipes []*targets.Recipe // the user's, listed before the shipped ones
	Only    []string          // names, or patterns of path.Match, of targets and fronts; nil: everything
	NoProbe bool              // start nothing: the recipes are believed
	Observe func(done, total int)
}

// TakeInventory looks for every target, front and application, then starts
// each combination that the recipes offer and asks it over its protocol, a few
// at a time. A server that does not answer is not an error; the end of ctx is, and
// so is a name that nothing has. No server is left running.
func TakeInventory(ctx context.Context, s Search) (*Inventory, error) {
	found, err := s.find()
	if err != nil {
		return nil, err
	}
	lookFor(ctx, found)
	i := &Inventory{Targets: []Holding{}, Fronts: []Holding{}, Applications: []ApplicationHolding{}}
	if !s.NoProbe {
		if err := probeAll(ctx, found, s.Observe); err != nil {
			return nil, err
		}
	}
	for _, f := range found {
		if f.front != nil {
			i.Fronts = append(i.Fronts, f.Holding)
		} else {
			i.Targets = append(i.Targets, f.Holding)
		}
	}
	if len(s.Only) == 0 {
		i.Applications = applicationHoldings(ctx)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	i.Install = i.installCommands()
	return i, nil
}

// sought is a holding and how to start it.
type sought struct {
	Holding
	recipe *targets.Recipe
	front  *targets.Front // nil: a target
}

// find lists what is asked for.
func (s Search) find() ([]*sought, error) {
	var all []*sought
	for _, r := range s.Recipes {
		all = append(all, &sought{recipe: r, Holding: Holding{User: true}})
	}
	// Names lists nothing where a recipe cannot be read; Find says why.
	if _, err := targets.Find(behindFronts); err != nil {
		return nil, err
	}
	for _, name := range targets.Names() {
		r, err := targets.Find(name)
		if err != nil {
			return nil, err
		}
		all = append(all, &sought{recipe: r})
	}
	for _, name := range targets.FrontNames() {
		f, err := targets.FindFront(name)
		if err != nil {
			return nil, err
		}
		all = append(all, &sought{recipe: f.Recipe(), front: f})
	}
	if len(s.Only) == 0 {
		return all, nil
	}
	wanted := map[*sought]bool{}
	for _, pattern := range s.Only {
		none := true
		for _, one := range all {
			ok, err := path.Match(pattern, one.recipe.Name)
			if err != nil {
				return nil, fmt.Errorf("%q is not a valid pattern: %w", pattern, err)
			}
			if ok {
				wanted[one], none = true, false
			}
		}
		if none {
			return nil, unknownName(pattern, all)
		}
	}
	return slices.DeleteFunc(all, func(one *sought) bool { return !wanted[one] }), nil
}

func unknownName(name string, all []*sought) error {
	var names []string
	for _, one := range all {
		names = append(names, one.recipe.Name)
	}
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Errorf("there is no target or front %q: did you mean %q?", name, near)
	}
	return fmt.Errorf("there is no target or front %q: known are %s", name, strings.Join(names, ", "))
}

// lookFor finds out what is installed, in which version, and what it offers.
func lookFor(ctx context.Context, all []*sought) {
	inParallel(ctx, all, func(one *sought) {
		r := one.recipe
		one.Name, one.About, one.Caveat = r.Name, r.About, r.Caveat
		one.Packages = append([]string{}, r.Packages...)
		one.Install = r.Install
		if len(r.Packages) > 0 {
			one.Install = targets.InstallCommand(r.Packages)
		}
		one.Offers = offers(r, one.front != nil)
		if one.Err = r.Available(); one.Err != nil {
			one.Missing = one.Err.Error()
			return
		}
		one.Available, one.Version = true, r.VersionOf(ctx)
	})
}

// inParallel calls do for each item, on as many goroutines as there are CPUs,
// until ctx ends.
func inParallel[T any](ctx context.Context, items []T, do func(T)) {
	queue := make(chan T)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(items)) {
		workers.Go(func() {
			for item := range queue {
				do(item)
			}
		})
	}
	for _, item := range items {
		if ctx.Err() != nil {
			break
		}
		queue <- item
	}
	close(queue)
	workers.Wait()
}

// offers lists every combination that the recipe has, each with the
// application to ask: hello, or the first that there is.
func offers(r *targets.Recipe, front bool) []Offer {
	list := []Offer{}
	for _, protocol := range protocols.Names() {
		for _, network := range []string{"tcp", "unix"} {
			for _, connection := range []string{results.PerRequest, results.KeepAlive} {
				o := Offer{Protocol: protocol, Network: network, Connection: connection, Status: StatusNotProbed}
				var ok bool
				if o.Application, ok = applicationFor(r, o); !ok {
					continue
				}
				if front {
					o.Application = askedFor
				}
				list = append(list, o)
			}
		}
	}
	return list
}

// askedFor is the application that is asked wherever there is a choice.
const askedFor = "hello"

func applicationFor(r *targets.Recipe, o Offer) (application string, ok bool) {
	for _, s := range r.Serves {
		if !slices.Contains(s.Protocols, o.Protocol) || !slices.Contains(s.Networks, o.Network) || !slices.Contains(s.Connections, o.Connection) {
			continue
		}
		switch {
		case slices.Contains(s.Applications, askedFor):
			return askedFor, true
		case !ok && !s.HasOwnApplication():
			application = s.Applications[0]
		}
		ok = true
	}
	return application, ok
}

func applicationHoldings(ctx context.Context) []ApplicationHolding {
	list := []ApplicationHolding{}
	for _, a := range apps.All() {
		list = append(list, ApplicationHolding{Name: a.Name, About: a.About, Available: true, Packages: append([]string{}, a.Packages...)})
	}
	var each []*ApplicationHolding
	for i := range list {
		each = append(each, &list[i])
	}
	inParallel(ctx, each, func(h *ApplicationHolding) {
		a, _ := apps.Find(h.Name)
		if err := a.Available(); err != nil {
			h.Available, h.Missing = false, err.Error()
		}
	})
	return list
}

// installCommands returns the one command that installs all packages that are
// missing, then those of what is no package.
func (i *Inventory) installCommands() []string {
	var packages []string
	others := []string{}
	for _, h := range slices.Concat(i.Targets, i.Fronts) {
		missing, ok := errors.AsType[*targets.MissingError](h.Err)
		switch {
		case !ok:
		case len(missing.Packages) > 0:
			packages = append(packages, missing.Packages...)
		case missing.Install != "" && !slices.Contains(others, missing.Install):
			others = append(others, missing.Install)
		}
	}
	for _, a := range i.Applications {
		if !a.Available {
			packages = append(packages, a.Packages...)
		}
	}
	if len(packages) == 0 {
		return others
	}
	slices.Sort(packages)
	return append([]string{targets.InstallCommand(slices.Compact(packages))}, others...)
}
