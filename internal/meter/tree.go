package meter

import "slices"

// tree adds up the CPU time of a process and all its descendants.
//
// Live processes have clocks that are exact. A process that exits leaves its
// time in two places: in its parent's account of reaped children, complete but
// in ticks of 10 ms, and in this meter's memory of its last reading, exact but
// without what it spent afterwards. The tree counts whichever of the two is
// more, for each parent, so that nothing is counted twice and what a process
// spent is not lost with it, even if it came and went between two samples.
//
// Out of reach are only processes that were never sampled and that nobody in
// the tree waited for: those whose parent ignores SIGCHLD, and daemons that
// leave the tree faster than they are seen.
type tree struct {
	proc    proc
	root    int
	nodes   map[int]*node
	sampled bool // whether there has been a first sample
	gone    bool // whether the root has exited
	orphans CPU  // of exited processes that had outlived their parent
	last    CPU  // figures never go below it
	oldPeak bool // whether a peak may be of a time before forgetPeaks
}

// node is a process of the tree that was alive at the last sample.
type node struct {
	reading
	base   CPU // reaped when metering began
	exited CPU // last readings of its children that have exited
}

// total is the time of the process and its exited children since metering
// began, and its own time before.
func (n *node) total() CPU {
	reaped := n.reaped.sub(n.base)
	if reaped.Total > n.exited.Total {
		return n.own.add(reaped)
	}
	return n.own.add(n.exited)
}

func newTree(p proc, root int) *tree {
	return &tree{proc: p, root: root, nodes: make(map[int]*node)}
}

// sample returns the tree's CPU time and the sum of the peaks of resident
// memory; nil, nil once the root has gone.
func (t *tree) sample() (*CPU, *int64) {
	if t.gone {
		return nil, nil
	}
	alive := t.visit()
	if !alive[t.root] {
		t.gone = true
		return nil, nil
	}
	t.buryDead(alive)
	t.sampled = true

	sum := t.orphans
	var peak int64
	var known bool
	for _, n := range t.nodes {
		sum = sum.add(n.total())
		if n.peak != nil {
			peak += *n.peak
			known = true
		}
	}
	// Rounding down to ticks may take back up to 20 ms when a child is reaped.
	sum = sum.atLeast(t.last)
	t.last = sum
	if !known || t.oldPeak {
		return &sum, nil
	}
	return &sum, &peak
}

// forgetPeaks makes the peaks of all live processes begin anew.
func (t *tree) forgetPeaks() {
	for pid := range t.visit() {
		t.oldPeak = !t.proc.forgetPeak(pid) || t.oldPeak
	}
}

// visit reads every live process of the tree, each parent before its
// children, so that a child that exits in between cannot count twice.
func (t *tree) visit() (alive map[int]bool) {
	alive = make(map[int]bool, len(t.nodes)+1)
	queue := []int{t.root}
	for len(queue) > 0 {
		pid := queue[0]
		queue = queue[1:]
		if alive[pid] || !t.read(pid) {
			continue
		}
		alive[pid] = true
		queue = append(queue, t.proc.children(pid)...)
	}
	// Left out of the kernel's list by chance, or orphaned: still the tree's.
	for pid := range t.nodes {
		if !alive[pid] && t.reread(pid) {
			alive[pid] = true
		}
	}
	return alive
}

// read takes a new reading of a process that was found in the tree.
func (t *tree) read(pid int) bool {
	r, ok := t.proc.read(pid)
	if !ok {
		return false
	}
	n := t.nodes[pid]
	if n != nil && n.start != r.start {
		if pid == t.root {
			return false
		}
		t.bury(pid) // another process has its pid now
		n = nil
	}
	if n == nil {
		n = &node{}
		if !t.sampled {
			n.base = r.reaped
		}
		t.nodes[pid] = n
	}
	n.reading = r
	return true
}

// reread takes a new reading of a known process, unless it has gone.
func (t *tree) reread(pid int) bool {
	r, ok := t.proc.read(pid)
	if !ok || r.start != t.nodes[pid].start {
		return false
	}
	t.nodes[pid].reading = r
	return true
}

// buryDead takes out the processes that have exited, the deepest first: a
// parent passes on what its exited children passed to it.
func (t *tree) buryDead(alive map[int]bool) {
	var dead []int
	for pid := range t.nodes {
		if !alive[pid] {
			dead = append(dead, pid)
		}
	}
	slices.SortFunc(dead, func(a, b int) int { return t.depth(b) - t.depth(a) })
	for _, pid := range dead {
		t.bury(pid)
	}
}

// depth counts the known ancestors of a process. Parents that were read at
// different times could form a circle where pids are used again.
func (t *tree) depth(pid int) int {
	depth := 0
	for n := t.nodes[pid]; n != nil && depth < len(t.nodes); n = t.nodes[n.parent] {
		depth++
	}
	return depth
}

// bury moves the time of an exited process to its parent.
func (t *tree) bury(pid int) {
	n := t.nodes[pid]
	delete(t.nodes, pid)
	if parent := t.nodes[n.parent]; parent != nil {
		parent.exited = parent.exited.add(n.total())
		return
	}
	t.orphans = t.orphans.add(n.total())
}
