package targets

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/goccy/go-yaml"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/results"
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

// Parse decodes a recipe strictly: an unknown key, a wrong type, an unknown
// name or placeholder is an error that names the file. It does not check that
// the folder has the recipe's name.
func Parse(file string, text []byte) (*Recipe, error) {
	var r Recipe
	if err := decode(text, &r); err != nil {
		return nil, fmt.Errorf("%s: %s", file, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if err := r.validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &r, nil
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

// validate finds what the types cannot tell.
func (r *Recipe) validate() error {
	for key, value := range map[string]string{"name": r.Name, "about": r.About, "program": r.Program, "install": r.Install} {
		if value == "" {
			return fmt.Errorf("%s: missing", key)
		}
	}
	if len(r.Serves) == 0 {
		return errors.New("serves: missing")
	}
	if r.Ready.Timeout < 0 || r.Stop.Grace < 0 {
		return errors.New("ready.timeout and stop.grace: must not be negative")
	}
	if r.Ready.Path != "" && r.Ready.Path[0] != '/' {
		return fmt.Errorf("ready.path: %q must start with a slash", r.Ready.Path)
	}
	if _, ok := signals[r.Stop.Signal]; !ok {
		return fmt.Errorf("stop.signal: %q is not one of TERM, INT, QUIT, HUP", r.Stop.Signal)
	}
	for key, command := range map[string][]string{"version": r.Version, "check": r.Check} {
		if err := checkPlaceholders(command, anywhere); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	for name := range r.Files {
		if name == "" || name != filepath.Base(name) || name == ".." || name == "." {
			return fmt.Errorf("files: %q must be the name of a file, without a folder", name)
		}
	}
	for i, s := range r.Serves {
		if err := s.validate(r.Env); err != nil {
			return fmt.Errorf("serves[%d].%w", i, err)
		}
	}
	return nil
}

func (s Serve) validate(env map[string]string) error {
	for _, list := range []struct {
		key           string
		values, known []string // known nil: any
	}{
		{"protocols", s.Protocols, protocols.Names()},
		{"networks", s.Networks, []string{tcp, unixSocket}},
		{"connections", s.Connections, []string{perRequest, keepAlive}},
		{"applications", s.Applications, nil},
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
	texts := slices.Clone(s.Command)
	for _, value := range env {
		texts = append(texts, value)
	}
	for _, network := range s.Networks {
		if err := checkPlaceholders(texts, anywhere, inCase, onNetwork[network]); err != nil {
			return fmt.Errorf("command (or env) on %s: %w", network, err)
		}
	}
	return nil
}
