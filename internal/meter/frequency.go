package meter

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

const cpuFolder = "sys/devices/system/cpu"

// frequency is the mean of what the CPUs run at now, in MHz; nil for all of
// them. It is unknown where that of one of them is. A virtual machine is told a
// constant, if anything.
func (m machine) frequency(cpus []int) *float64 {
	values := m.scalingFrequencies(cpus)
	if values == nil {
		values = m.cpuinfoFrequencies(cpus)
	}
	if len(values) == 0 {
		return nil
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	mean := sum / float64(len(values))
	return &mean
}

// scalingFrequencies asks cpufreq, which speaks of kHz.
func (m machine) scalingFrequencies(cpus []int) []float64 {
	var values []float64
	for _, text := range m.ofCPUs(cpus, "cpufreq/scaling_cur_freq") {
		kHz, err := strconv.ParseFloat(text, 64)
		if err != nil || !(kHz > 0) {
			return nil
		}
		values = append(values, kHz/1000)
	}
	return values
}

// cpuinfoFrequencies reads what x86 has in /proc/cpuinfo, two lines of a CPU's
// thirty or so: this is done twice in every trial.
func (m machine) cpuinfoFrequencies(cpus []int) []float64 {
	byCPU := map[int]float64{}
	cpu := -1
	for line := range strings.Lines(m.read("proc/cpuinfo")) {
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(key) {
		case "processor":
			if n, err := strconv.Atoi(value); err == nil {
				cpu = n
			}
		case "cpu MHz":
			if mhz, err := strconv.ParseFloat(value, 64); err == nil && mhz > 0 {
				byCPU[cpu] = mhz
			}
		}
	}
	var values []float64
	if cpus == nil {
		for _, v := range byCPU {
			values = append(values, v)
		}
		return values
	}
	for _, cpu := range cpus {
		v, ok := byCPU[cpu]
		if !ok {
			return nil
		}
		values = append(values, v)
	}
	return values
}

// frequencies is the mean of a first and a last frequency, and the relative
// change from one to the other.
func frequencies(first, last *float64) (mean, change *float64) {
	if first == nil || last == nil {
		return nil, nil
	}
	middle, relative := (*first+*last)/2, *last / *first - 1
	return &middle, &relative
}

// throttles counts how often the CPUs were slowed down because they were hot,
// since the machine started. Hyperthreads share the counter of their core, so
// an event may count once for each.
func (m machine) throttles(cpus []int) *int64 {
	texts := m.ofCPUs(cpus, "thermal_throttle/core_throttle_count")
	if len(texts) == 0 {
		return nil
	}
	var sum int64
	for _, text := range texts {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil
		}
		sum += n
	}
	return &sum
}

// ofCPUs reads the file of each CPU, nil for all that have it; none where one
// of those that were named has no such file.
func (m machine) ofCPUs(cpus []int, file string) []string {
	var paths []string
	for _, cpu := range cpus {
		paths = append(paths, filepath.Join(cpuFolder, fmt.Sprintf("cpu%d", cpu), file))
	}
	if cpus == nil {
		found, _ := filepath.Glob(filepath.Join(m.root, cpuFolder, "cpu[0-9]*", file)) // the pattern is a good one
		for _, path := range found {
			paths = append(paths, strings.TrimPrefix(path, m.root))
		}
	}
	var texts []string
	for _, path := range paths {
		text := m.read(path)
		if text == "" {
			return nil
		}
		texts = append(texts, text)
	}
	return texts
}
