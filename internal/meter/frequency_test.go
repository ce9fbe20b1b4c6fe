package meter

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const cpuinfo = "processor\t: 0\nmodel name\t: Test : CPU\ncpu MHz\t\t: 2000.500\nflags\t\t: fpu\n\n" +
	"processor\t: 2\nmodel name\t: Test : CPU\ncpu MHz\t\t: 3000.500\nflags\t\t: fpu\n\n"

func TestFrequency(t *testing.T) {
	scaling := map[string]string{
		"proc/cpuinfo": cpuinfo,
		cpuFolder + "/cpu0/cpufreq/scaling_cur_freq":  "800000\n",
		cpuFolder + "/cpu2/cpufreq/scaling_cur_freq":  "1200000\n",
		cpuFolder + "/cpu10/cpufreq/scaling_cur_freq": "4000000\n",
		cpuFolder + "/cpufreq/policy0":                "",
	}
	tests := []struct {
		name  string
		files map[string]string
		cpus  []int
		want  *float64
	}{
		{"all CPUs", scaling, nil, ptr(2000.0)},
		{"some CPUs", scaling, []int{0, 2}, ptr(1000.0)},
		{"one CPU", scaling, []int{10}, ptr(4000.0)},
		{"one that cpufreq does not know", scaling, []int{0, 3}, nil},
		{"cpuinfo instead", map[string]string{"proc/cpuinfo": cpuinfo}, []int{0, 2}, ptr(2500.5)},
		{"cpuinfo, all CPUs", map[string]string{"proc/cpuinfo": cpuinfo}, nil, ptr(2500.5)},
		{"cpuinfo, one CPU", map[string]string{"proc/cpuinfo": cpuinfo}, []int{2}, ptr(3000.5)},
		{"cpuinfo without one", map[string]string{"proc/cpuinfo": cpuinfo}, []int{0, 1}, nil},
		{"cpuinfo of another architecture", map[string]string{"proc/cpuinfo": "processor\t: 0\nBogoMIPS\t: 50.00\n"}, []int{0}, nil},
		{"a broken frequency", map[string]string{cpuFolder + "/cpu0/cpufreq/scaling_cur_freq": "<unknown>\n"}, []int{0}, nil},
		{"no frequency", map[string]string{cpuFolder + "/cpu0/cpufreq/scaling_cur_freq": "0\n"}, []int{0}, nil},
		{"nothing", nil, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := machine{root: writeTree(t, tt.files)}.frequency(tt.cpus)
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFrequencies(t *testing.T) {
	mean, change := frequencies(ptr(2000.0), ptr(1900.0))
	if diff := cmp.Diff([]*float64{ptr(1950.0), ptr(-0.05)}, []*float64{mean, change}, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
	for _, unknown := range [][2]*float64{{nil, ptr(1.0)}, {ptr(1.0), nil}} {
		if mean, change := frequencies(unknown[0], unknown[1]); mean != nil || change != nil {
			t.Errorf("%v, %v of half a pair", mean, change)
		}
	}
}

func TestThrottles(t *testing.T) {
	files := map[string]string{
		cpuFolder + "/cpu0/thermal_throttle/core_throttle_count": "3\n",
		cpuFolder + "/cpu1/thermal_throttle/core_throttle_count": "4\n",
		cpuFolder + "/cpu2/topology/core_id":                     "0\n",
	}
	m := machine{root: writeTree(t, files)}
	tests := []struct {
		cpus []int
		want *int64
	}{
		{nil, ptr(int64(7))},
		{[]int{1}, ptr(int64(4))},
		{[]int{0, 2}, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, m.throttles(tt.cpus)); diff != "" {
			t.Errorf("CPUs %v: %s", tt.cpus, diff)
		}
	}
	if n := (machine{root: t.TempDir()}).throttles(nil); n != nil {
		t.Errorf("%d without a counter", *n)
	}
}
