package meter

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gwbench/gwbench/results"
)

func ptr[T any](v T) *T { return &v }

func TestBetween(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	a := Sample{
		Time:      start,
		Target:    &CPU{Total: 1000 * ms, User: 600 * ms, Sampled: 1000 * ms},
		Client:    &CPU{Total: 2000 * ms, User: 2000 * ms, Sampled: 2000 * ms},
		TargetRSS: ptr(int64(5)),
		Host: Host{
			CPUTime: ptr(100.0), Steal: ptr(1.0), ListenOverflows: ptr(int64(7)), Retransmits: ptr(int64(3)),
			Unclaimed: ptr(40.0), CPUs: 4, Pressure: ptr(10.0),
		},
		Frequency: ptr(2000.0), Throttles: ptr(int64(5)), Traffic: &traffic{0, 0},
	}
	b := Sample{
		Time:      start.Add(500 * ms),
		Target:    &CPU{Total: 1801 * ms, User: 800 * ms, Sampled: 1800 * ms},
		Client:    &CPU{Total: 2100 * ms, User: 2060 * ms, Sampled: 2100 * ms},
		TargetRSS: ptr(int64(9)),
		Host: Host{
			CPUTime: ptr(101.0), Steal: ptr(1.25), ListenOverflows: ptr(int64(9)), Retransmits: ptr(int64(3)),
			Unclaimed: ptr(40.9), CPUs: 4, Pressure: ptr(10.4),
		},
		Frequency: ptr(1600.0), Throttles: ptr(int64(7)), Traffic: &traffic{0, 25e6},
	}
	tests := []struct {
		name string
		edit func(a, b *Sample)
		want func(u *results.Usage)
	}{
		{"all known", func(*Sample, *Sample) {}, func(*results.Usage) {}},
		{"server unknown at the end", func(_, b *Sample) { b.Target, b.TargetRSS = nil, nil }, func(u *results.Usage) {
			u.ServerUser, u.ServerSystem, u.ServerBusy, u.ServerRSS, u.Others = nil, nil, nil, nil, nil
		}},
		{"client unknown at the start", func(a, _ *Sample) { a.Client = nil }, func(u *results.Usage) {
			u.ClientUser, u.ClientSystem, u.ClientBusy, u.Others = nil, nil, nil, nil
		}},
		{"host unknown", func(a, _ *Sample) { a.Host = Host{} }, func(u *results.Usage) {
			u.Steal, u.ListenOverflows, u.Retransmits, u.Others, u.Pressure = nil, nil, nil, nil, nil
		}},
		{"no CPU time passed on the host", func(_, b *Sample) { b.Host.CPUTime = ptr(100.0) }, func(u *results.Usage) { u.Steal = nil }},
		{"a front", func(a, b *Sample) {
			a.hasFront, b.hasFront = true, true
			a.Front, b.Front, b.FrontRSS = &CPU{}, &CPU{Total: 100 * ms, User: 100 * ms, Sampled: 100 * ms}, ptr(int64(2))
		}, func(u *results.Usage) {
			u.ServerUser, u.ServerSystem, u.ServerBusy = ptr(0.901*300/900), ptr(0.901*600/900), ptr(0.901)
			u.FrontUser, u.FrontSystem = ptr(0.1), ptr(0.0)
			u.ServerRSS, u.FrontRSS = ptr(int64(11)), ptr(int64(2))
			u.Others = ptr(0.0495)
		}},
		{"a front that is unknown", func(a, b *Sample) { a.hasFront, b.hasFront = true, true }, func(u *results.Usage) {
			u.ServerUser, u.ServerSystem, u.ServerBusy, u.ServerRSS, u.Others = nil, nil, nil, nil, nil
		}},
		{"no tick fell in between", func(_, b *Sample) { b.Target.User, b.Target.Sampled = 600*ms, 1000*ms }, func(u *results.Usage) {
			u.ServerUser, u.ServerSystem = ptr(0.801*0.6), ptr(0.801*0.4)
		}},
		{"nobody else ran", func(_, b *Sample) { b.Host.Unclaimed = ptr(41.11) }, func(u *results.Usage) { u.Others = ptr(0.0) }},
		{"too short to tell of others", func(_, b *Sample) { b.Time = start.Add(99 * ms) }, func(u *results.Usage) {
			u.ServerBusy, u.ClientBusy, u.Pressure, u.LinkBusy, u.Others = ptr(1.0), ptr(1.0), ptr(1.0), ptr(1.0), nil
		}},
		{"no frequency at the start", func(a, _ *Sample) { a.Frequency = nil }, func(u *results.Usage) { u.Frequency, u.FrequencyChange = nil, nil }},
		{"no count of throttles", func(_, b *Sample) { b.Throttles = nil }, func(u *results.Usage) { u.Throttles = nil }},
		{"no count of traffic", func(_, b *Sample) { b.Traffic = nil }, func(u *results.Usage) { u.LinkBusy = nil }},
		{"no tick at all", func(a, b *Sample) {
			a.Target, b.Target = &CPU{}, &CPU{Total: 2 * ms}
		}, func(u *results.Usage) {
			u.ServerUser, u.ServerSystem, u.ServerBusy, u.Others = ptr(0.002), ptr(0.0), ptr(0.002), ptr(0.499)
		}},
		{"no time passed", func(_, b *Sample) { b.Time = start }, func(u *results.Usage) {
			u.ServerBusy, u.ClientBusy, u.Others, u.Pressure, u.LinkBusy = nil, nil, nil, nil, nil
		}},
		{"busier than a share can be", func(_, b *Sample) { b.Time = start.Add(100 * ms) }, func(u *results.Usage) {
			u.ServerBusy, u.ClientBusy, u.Others, u.Pressure, u.LinkBusy = ptr(1.0), ptr(1.0), ptr(0.0), ptr(1.0), ptr(1.0)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := clone(a), clone(b)
			tt.edit(&a, &b)
			want := results.Usage{
				ServerUser: ptr(0.801 * 0.25), ServerSystem: ptr(0.801 * 0.75), ServerBusy: ptr(0.801),
				ClientUser: ptr(0.06), ClientSystem: ptr(0.04), ClientBusy: ptr(0.2),
				Steal: ptr(0.25), ListenOverflows: ptr(int64(2)), Retransmits: ptr(int64(0)), ServerRSS: ptr(int64(9)),
				Others: ptr(0.0995), Pressure: ptr(0.8), Frequency: ptr(1800.0), FrequencyChange: ptr(-0.2), Throttles: ptr(int64(2)), LinkBusy: ptr(0.4),
			}
			tt.want(&want)
			m := New(Servers{}, 2, 1)
			m.link = &link{"eth0", 1e9}
			got := m.Between(a, b)
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func clone(s Sample) Sample {
	server, client := *s.Target, *s.Client
	s.Target, s.Client = &server, &client
	return s
}

func TestBusyOfUnknownCPUs(t *testing.T) {
	m := New(Servers{}, 0, -1)
	a := m.Sample()
	b := m.Sample()
	b.Time = a.Time.Add(time.Second)
	if u := m.Between(a, b); u.ClientBusy != nil || u.ServerBusy != nil || u.ClientUser == nil {
		t.Errorf("busy %v, %v without CPUs, client user %v", u.ClientBusy, u.ServerBusy, u.ClientUser)
	}
}

func TestTicksDoNotOverflow(t *testing.T) {
	for n, want := range map[int64]time.Duration{-1: 0, 0: 0, 3: 30 * ms, math.MaxInt64: math.MaxInt64} {
		if got := ticks(n); got != want {
			t.Errorf("ticks(%d) = %d, want %d", n, got, want)
		}
	}
}
