package results

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func machine() Environment {
	return Environment{
		Hostname: "d34db33f", OS: "linux", Kernel: "6.1.0", Arch: "amd64", CPU: "Example CPU", CPUs: 2, MemoryMB: 7976,
		Governor: "performance", Virtual: "kvm", Go: "go1.26.0", Somaxconn: 4096, PortRange: "32768 60999", FileLimit: 1024,
	}
}

func TestEnvironmentDifferences(t *testing.T) {
	tests := []struct {
		name   string
		change func(base, other *Environment)
		want   []string
	}{
		{"none", func(_, _ *Environment) {}, nil},
		{"another kernel", func(_, other *Environment) { other.Kernel = "6.2.0" }, []string{"kernel 6.1.0 -> 6.2.0"}},
		{"CPUs and memory", func(_, other *Environment) { other.CPUs, other.MemoryMB = 4, 16000 }, []string{"CPUs 2 -> 4", "memory in MiB 7976 -> 16000"}},
		{"as much memory as another start left", func(_, other *Environment) { other.MemoryMB = 7976 - 79 }, nil},
		{"less memory", func(_, other *Environment) { other.MemoryMB = 7976 - 81 }, []string{"memory in MiB 7976 -> 7895"}},
		{"what is not known is no match", func(_, other *Environment) { other.CPU, other.CPUs = "", 0 }, []string{"CPU Example CPU -> unknown", "CPUs 2 -> unknown"}},
		{"unknown on both sides", func(base, other *Environment) { base.Governor, other.Governor = "", "" }, nil},
		{"nobody knows which machine", func(base, other *Environment) { base.Hostname, other.Hostname = "", "" }, []string{"machine unknown on both sides"}},
		{"limits that runs check", func(_, other *Environment) { other.Somaxconn, other.PortRange, other.FileLimit = 128, "1 2", 7 }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			base, other := machine(), machine()
			test.change(&base, &other)
			if diff := cmp.Diff(test.want, base.Differences(other)); diff != "" {
				t.Errorf("differences (-want +got)\n%s", diff)
			}
		})
	}
}

// TestEnvironmentDifferencesSeeEveryField fails for a field that somebody adds
// without deciding whether it tells machines apart.
func TestEnvironmentDifferencesSeeEveryField(t *testing.T) {
	limits := map[string]bool{"Somaxconn": true, "PortRange": true, "FileLimit": true}
	fields := reflect.TypeFor[Environment]()
	for i := range fields.NumField() {
		other := machine()
		reflect.ValueOf(&other).Elem().Field(i).SetZero()
		if got := len(machine().Differences(other)); (got == 1) == limits[fields.Field(i).Name] {
			t.Errorf("%s: %d differences where only that field differs", fields.Field(i).Name, got)
		}
	}
}

func TestPlacementDifferences(t *testing.T) {
	apart := Placement{Servers: []int{1}, Generator: []int{0}, Note: "a note"}
	if got := apart.Differences(Placement{Servers: []int{1}, Generator: []int{0}}); got != nil {
		t.Errorf("equal placements differ: %q", got)
	}
	want := []string{"CPUs of the servers [1] -> all", "CPUs of the load generator [0] -> [0 1]"}
	if diff := cmp.Diff(want, apart.Differences(Placement{Generator: []int{0, 1}})); diff != "" {
		t.Errorf("differences (-want +got)\n%s", diff)
	}
}
