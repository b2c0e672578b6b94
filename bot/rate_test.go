package bot

import (
	"fmt"
	"testing"
	"time"
)

func TestRates(t *testing.T) {
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	r := &Rates{Burst: 3, Every: 10 * time.Second}
	for i := range 3 {
		if wait := r.Take("camille", now); wait != 0 {
			t.Fatalf("act %d: wait %v", i, wait)
		}
	}
	for range 2 { // being refused costs nothing
		if wait := r.Take("camille", now); wait != 10*time.Second {
			t.Errorf("one too many: wait %v", wait)
		}
	}
	if wait := r.Take("noa", now); wait != 0 {
		t.Errorf("somebody else waits %v", wait)
	}
	if wait := r.Take("camille", now.Add(4*time.Second)); wait != 6*time.Second {
		t.Errorf("after 4 s: wait %v", wait)
	}
	if wait := r.Take("camille", now.Add(10*time.Second)); wait != 0 {
		t.Errorf("after 10 s: wait %v", wait)
	}
	later := now.Add(time.Hour) // whole again, and no more than whole
	for i := range 4 {
		if wait := r.Take("camille", later); (wait == 0) != (i < 3) {
			t.Errorf("an hour later, act %d: wait %v", i, wait)
		}
	}
}

func TestRatesForget(t *testing.T) {
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	r := &Rates{Burst: 1, Every: time.Hour}
	for i := range 3 * mostPeople {
		if wait := r.Take(fmt.Sprint(i), now.Add(time.Duration(i))); wait != 0 {
			t.Fatalf("person %d waits %v", i, wait)
		}
		if len(r.full) > mostPeople {
			t.Fatalf("%d people remembered", len(r.full))
		}
	}
}
