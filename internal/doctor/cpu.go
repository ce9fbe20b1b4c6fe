package doctor

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// cpus asks whether servers and generator have CPUs of their own.
func (m machine) cpus() Check {
	c := Check{Name: "cpus", Why: "on one CPU the load generator takes the time of the server that it measures"}
	servers, generator := m.placement.Servers, m.placement.Generator
	allowed := slices.Compact(slices.Sorted(slices.Values(slices.Concat(servers, generator))))
	switch {
	case len(allowed) == 0:
		c.Result, c.Finding = Unknown, "the CPUs of this process cannot be read"
	case len(allowed) == 1:
		c.Result, c.Finding = Warn, fmt.Sprintf("1 (CPU %d): servers and generator share it", allowed[0])
		c.Advice = "take a machine, or allow gwbench, two CPUs or more; of the figures trust capacity alone"
	default:
		c.Result = Pass
		c.Finding = fmt.Sprintf("%d: generator on %s, servers on %s", len(allowed), list(generator), list(servers))
	}
	return c
}

// list is "0, 1".
func list(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// cores asks whether servers and generator share a physical core.
func (m machine) cores() Check {
	c := Check{Name: "cores", Why: "hyperthreads of one core slow each other down"}
	if len(m.placement.Servers) == 0 {
		c.Result, c.Finding = Unknown, "the CPUs of this process cannot be read"
		return c
	}
	generator := map[string]bool{}
	for _, cpu := range m.placement.Generator {
		core, ok := m.siblings(cpu)
		if !ok {
			return unknownCores(c, cpu)
		}
		generator[core] = true
	}
	var shared []string
	for _, cpu := range m.placement.Servers {
		core, ok := m.siblings(cpu)
		if !ok {
			return unknownCores(c, cpu)
		}
		if generator[core] && !slices.Contains(shared, core) {
			shared = append(shared, core)
		}
	}
	if len(shared) == 0 {
		c.Result, c.Finding = Pass, "servers and generator have cores of their own"
		return c
	}
	c.Result = Warn
	c.Finding = "servers and generator share the core of CPUs " + strings.Join(shared, " and ")
	c.Advice = "give gwbench two physical cores (taskset -c names CPUs); on a virtual machine ask for whole cores"
	return c
}

func unknownCores(c Check, cpu int) Check {
	c.Result, c.Finding = Unknown, fmt.Sprintf("no topology of CPU %d", cpu)
	return c
}

// siblings names a CPU's physical core by the hyperthreads that it has.
func (m machine) siblings(cpu int) (core string, ok bool) {
	core, ok = m.file("sys/devices/system/cpu", "cpu"+strconv.Itoa(cpu), "topology/thread_siblings_list")
	return core, ok && core != ""
}

// governor asks whether the clock of the CPUs follows the load.
func (m machine) governor() Check {
	c := Check{Name: "governor", Finding: m.environment.Governor, Why: "a clock that follows the load makes light load look dear"}
	switch c.Finding {
	case "":
		c.Result, c.Finding = Unknown, "the system tells none: a virtual machine's clock is its host's"
	case "performance":
		c.Result = Pass
	default:
		c.Result = Warn
		c.Advice = "sudo cpupower frequency-set -g performance"
	}
	return c
}

// turbo asks whether the clock rises while CPUs are cool and idle.
func (m machine) turbo() Check {
	c := Check{Name: "turbo", Why: "a boosted clock depends on temperature and on what the other cores do"}
	const intel, other = "/sys/devices/system/cpu/intel_pstate/no_turbo", "/sys/devices/system/cpu/cpufreq/boost"
	noTurbo, _ := m.file(intel)
	boost, _ := m.file(other)
	switch {
	case noTurbo == "1" || noTurbo == "" && boost == "0":
		c.Result, c.Finding = Pass, "off"
	case noTurbo == "0":
		c.Result, c.Finding, c.Advice = Warn, "on", "echo 1 | sudo tee "+intel
	case noTurbo == "" && boost == "1":
		c.Result, c.Finding, c.Advice = Warn, "on", "echo 0 | sudo tee "+other
	default:
		c.Result, c.Finding = Unknown, "the system does not tell"
	}
	return c
}

// quota asks whether a control group limits the CPU time.
func (m machine) quota() Check {
	c := Check{Name: "cpu quota", Why: "a group that has used up its share stands still until the next period"}
	groups, ok := m.file("proc/self/cgroup")
	if !ok {
		c.Result, c.Finding = Unknown, "the control groups of this process cannot be read"
		return c
	}
	limit, known := m.groupLimit(groups)
	cpus := float64(m.environment.CPUs)
	switch {
	case !known:
		c.Result, c.Finding = Unknown, "the limits of this process's control groups cannot be read"
	case limit == 0:
		c.Result, c.Finding = Pass, "none"
	case limit >= cpus:
		c.Result, c.Finding = Pass, fmt.Sprintf("%g CPUs, as many as there are or more", limit)
	default:
		c.Result, c.Finding = Warn, fmt.Sprintf("%g CPUs of %g", limit, cpus)
		c.Advice = "lift the limit: docker run without --cpus, systemd CPUQuota=, a pod without resources.limits.cpu"
		if limit < 1 {
			c.Result = Fail
		}
	}
	return c
}

// groupLimit is the least number of CPUs that the control groups of
// /proc/self/cgroup, or any above them, allow; 0: no limit. It is not known
// where the hierarchy that has the CPUs is not mounted in its usual place
// [cgroups(7)].
func (m machine) groupLimit(groups string) (cpus float64, known bool) {
	for line := range strings.Lines(groups) {
		part := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(part) != 3 {
			continue
		}
		unified := part[1] == ""
		if !unified && !slices.Contains(strings.Split(part[1], ","), "cpu") {
			continue
		}
		mount, sign := "sys/fs/cgroup/"+part[1], "cpu.shares"
		if unified {
			mount, sign = "sys/fs/cgroup", "cgroup.controllers"
		}
		if _, mounted := m.file(mount, sign); !mounted {
			continue
		}
		known = true
		for group := filepath.Clean("/" + part[2]); ; group = filepath.Dir(group) {
			if limit := m.limitOf(mount, group, unified); limit > 0 && (cpus == 0 || limit < cpus) {
				cpus = limit
			}
			if group == "/" {
				break
			}
		}
	}
	return cpus, known
}

// limitOf reads the limit of one group in CPUs; 0: none.
func (m machine) limitOf(mount, group string, unified bool) float64 {
	var quota, period string
	if unified {
		text, _ := m.file(mount, group, "cpu.max") // absent at the top, and where nobody limits
		quota, period, _ = strings.Cut(text, " ")
	} else {
		quota, _ = m.file(mount, group, "cpu.cfs_quota_us")
		period, _ = m.file(mount, group, "cpu.cfs_period_us")
	}
	q, err := strconv.ParseFloat(quota, 64)
	p, err2 := strconv.ParseFloat(period, 64)
	if err != nil || err2 != nil || q <= 0 || p <= 0 { // "max", or -1
		return 0
	}
	return q / p
}
