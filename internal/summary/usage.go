package summary

import "github.com/gwbench/gwbench/results"

// usage tells whose CPU seconds a trial's were; ok is false where that is unknown.
type usage results.Usage

// target is the server without what the front took of it.
func (u usage) target() (user, system float64, ok bool) {
	if u.ServerUser == nil || u.ServerSystem == nil {
		return 0, 0, false
	}
	frontUser, frontSystem, _ := u.front()
	return max(*u.ServerUser-frontUser, 0), max(*u.ServerSystem-frontSystem, 0), true
}

func (u usage) front() (user, system float64, ok bool) {
	if u.FrontUser == nil || u.FrontSystem == nil {
		return 0, 0, false
	}
	return *u.FrontUser, *u.FrontSystem, true
}

func (u usage) client() (user, system float64, ok bool) {
	if u.ClientUser == nil || u.ClientSystem == nil {
		return 0, 0, false
	}
	return *u.ClientUser, *u.ClientSystem, true
}
