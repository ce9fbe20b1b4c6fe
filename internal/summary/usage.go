package summary

import "github.com/gwbench/gwbench/results"

// usage tells whose CPU seconds a trial's were; ok is false where that is unknown.
type usage results.Usage

// server is target and front together.
func (u usage) server() (user, system float64, ok bool) {
	if u.ServerUser == nil || u.ServerSystem == nil {
		return 0, 0, false
	}
	return *u.ServerUser, *u.ServerSystem, true
}

// target is the server without what the front took of it: unknown where that is.
func (u usage) target() (user, system float64, ok bool) {
	user, system, ok = u.server()
	frontUser, frontSystem, known := u.front()
	// The two are read one after the other, so that their difference may be a little
	// below nothing.
	return max(user-frontUser, 0), max(system-frontSystem, 0), ok && known
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
