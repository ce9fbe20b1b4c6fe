package targets

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"

	"github.com/goccy/go-yaml"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets/apps"
)

// Names of the networks and connection modes.
const (
	tcp        = "tcp"
	unixSocket = "unix"
	perRequest = results.PerRequest
	keepAlive  = results.KeepAlive
)

// signals are those that a recipe may stop its server with.
var signals = map[string]syscall.Signal{
	"": syscall.SIGTERM, "TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "QUIT": syscall.SIGQUIT, "HUP": syscall.SIGHUP,
}

// kill is a value of Stop.WhenKilled only: no server can end by it in good order.
const kill = "KILL"

// Load reads a recipe of the user's. A server in it can be named by where it
// lies beside the recipe: {recipe}/server.py.
func Load(file string) (*Recipe, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the recipe: %w", err)
	}
	r, err := Parse(file, text)
	if err != nil {
		return nil, err
	}
	return r, r.withoutVariants(file)
}

// Parse decodes a recipe strictly: an unknown key, a wrong type, an unknown
// name or placeholder is an error that names the file, and the place in it as
// far as that is known (*scenarios.Error). It does not check that the folder has
// the recipe's name. The file's folder is that of the recipe; it need not exist.
func Parse(file string, text []byte) (*Recipe, error) {
	return parseAs(&Recipe{}, file, 1, text)
}

// ParseInline decodes a recipe of the user's that stands in another file, from
// that line on, and has the name that it has there.
func ParseInline(name, file string, line int, text []byte) (*Recipe, error) {
	r, err := parseAs(&Recipe{Name: name}, file, line, text)
	if err != nil {
		return nil, err
	}
	return r, r.withoutVariants(file)
}

// withoutVariants refuses them in a recipe of the user's: nobody would look for
// them.
func (r *Recipe) withoutVariants(file string) error {
	if len(r.Variants) == 0 {
		return nil
	}
	return fmt.Errorf("%s: variants: only recipes that gwbench ships have them: make further targets of yours in a scenario, with recipe, args and env", file)
}

// parseFront decodes the recipe of a front.
func parseFront(file string, text []byte) (*Recipe, error) {
	return parseAs(&Recipe{front: true}, file, 1, text)
}

// parseAs decodes into r, which holds what is not in the text. The text begins
// on that line of the file.
func parseAs(r *Recipe, file string, line int, text []byte) (*Recipe, error) {
	if err := decode(text, r); err != nil {
		return nil, mistake(file, line, text, err)
	}
	folder, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r.folder, r.source, r.found = folder, string(text), new(discovery)
	if err := r.validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := r.validateVariants(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return r, nil
}

// decode turns a panic into an error: go-yaml v1.19.2 has one for a list that
// is a scalar with an unknown tag.
func decode(text []byte, r *Recipe) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the YAML cannot be read, probably for a tag (!) in it: %v", p)
		}
	}()
	return yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(r)
}

// validName is what can be part of a case's ID and of a folder's name.
var validName = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,63}$`)

// validate finds what the types cannot tell, and completes what depends on
// other tables: the list of all WSGI applications, compiled expressions.
func (r *Recipe) validate() error {
	switch {
	case r.Name == "":
		return errors.New("name: missing")
	case !validName.MatchString(r.Name):
		return fmt.Errorf("name: %q must be up to 64 letters, digits, dots, dashes and underscores, and begin with a letter or a digit", r.Name)
	case len(r.Programs) == 0 || slices.Contains(r.Programs, ""):
		return errors.New("program: missing")
	case len(r.Serves) == 0:
		return errors.New("serves: missing")
	case r.Ready.Timeout < 0 || r.Stop.Grace < 0:
		return errors.New("ready.timeout and stop.grace: must not be negative")
	case r.Ready.Path != "" && r.Ready.Path[0] != '/':
		return fmt.Errorf("ready.path: %q must start with a slash", r.Ready.Path)
	}
	if _, ok := signals[r.Stop.Signal]; !ok {
		return fmt.Errorf("stop.signal: %q is not one of TERM, INT, QUIT, HUP", r.Stop.Signal)
	}
	if _, ok := signals[r.Stop.WhenKilled]; !ok && r.Stop.WhenKilled != kill {
		return fmt.Errorf("stop.when_killed: %q is not one of TERM, INT, QUIT, HUP, KILL", r.Stop.WhenKilled)
	}
	if err := checkPlaceholders(r.Programs, inProgram); err != nil {
		return fmt.Errorf("program: %w", err)
	}
	for key, command := range map[string][]string{"version": r.Version, "check": r.Check} {
		if err := checkPlaceholders(command, anywhere); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	if err := checkFiles(r.Files); err != nil {
		return err
	}
	for i := range r.Serves {
		if err := r.Serves[i].validate(r); err != nil {
			return fmt.Errorf("serves[%d].%w", i, err)
		}
	}
	return r.validateKnowledge()
}

// validateKnowledge checks what the recipe says of its server's ways.
func (r *Recipe) validateKnowledge() error {
	for i, e := range r.Exceptions {
		if e.Differs == "" || e.Why == "" {
			return fmt.Errorf("exceptions[%d]: needs differs and why", i)
		}
		for _, protocol := range e.Protocols {
			if !slices.Contains(protocols.Names(), protocol) {
				return fmt.Errorf("exceptions[%d].protocols: unknown name %q%s", i, protocol, didYouMean(protocol, protocols.Names()))
			}
		}
	}
	for i := range r.Pitfalls {
		p := &r.Pitfalls[i]
		if p.Log == "" || p.Means == "" {
			return fmt.Errorf("pitfalls[%d]: needs log and means", i)
		}
		if p.line != nil {
			continue // of a recipe that this one is a variant of
		}
		var err error
		if p.line, err = regexp.Compile(p.Log); err != nil {
			return fmt.Errorf("pitfalls[%d].log: %w", i, err)
		}
	}
	return nil
}

func checkFiles(files map[string]string) error {
	for name := range files {
		if name == "" || name != filepath.Base(name) || name == ".." || name == "." {
			return fmt.Errorf("files: %q must be the name of a file, without a folder", name)
		}
	}
	return nil
}

// wsgi stands for every WSGI application.
const wsgi = "wsgi"

func (s *Serve) validate(r *Recipe) error {
	for _, list := range []struct {
		key           string
		values, known []string // known nil: any
	}{
		{"protocols", s.Protocols, protocols.Names()},
		{"networks", s.Networks, []string{tcp, unixSocket}},
		{"connections", s.Connections, []string{perRequest, keepAlive}},
		{"command", s.Command, nil},
	} {
		if len(list.values) == 0 {
			return fmt.Errorf("%s: missing", list.key)
		}
		for _, v := range list.values {
			if list.known != nil && !slices.Contains(list.known, v) {
				return fmt.Errorf("%s: unknown name %q%s", list.key, v, didYouMean(v, list.known))
			}
		}
	}
	for _, protocol := range s.Protocols {
		if spec, ok := protocols.Lookup(protocol); ok && !spec.KeepAlive && slices.Contains(s.Connections, keepAlive) {
			return fmt.Errorf("connections: %s carries one request per connection, so it cannot be %s", protocol, keepAlive)
		}
	}
	if r.front && (len(s.Applications) > 0 || s.Script != "") {
		return errors.New("applications, script: a front runs no application")
	}
	if i := slices.Index(s.Applications, wsgi); i >= 0 {
		s.Applications = slices.Replace(slices.Clone(s.Applications), i, i+1, apps.WSGI()...)
	}
	if err := checkFiles(s.Files); err != nil {
		return err
	}
	texts := append(slices.Concat(s.Command, r.args), s.Script)
	for _, value := range r.Env {
		texts = append(texts, value)
	}
	common, networks := inCase, onNetwork
	if r.front {
		common, networks = inFront, frontNetwork
	}
	for _, network := range s.Networks {
		if err := checkPlaceholders(texts, anywhere, common, networks[network]); err != nil {
			return fmt.Errorf("command (or env) on %s: %w", network, err)
		}
	}
	return nil
}
