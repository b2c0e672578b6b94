package tasks_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"crieur/integrations/internal/tasks"
)

func TestCloseWaitsForWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g tasks.Group
		began := time.Now()
		g.Go(func() { time.Sleep(time.Second) })
		g.Close()
		if took := time.Since(began); took != time.Second {
			t.Errorf("closed after %v", took)
		}
		if g.Go(func() { t.Error("began after the end") }) {
			t.Error("accepted after the end")
		}
		g.Close()
	})
}

// TestManyBeginWhileItCloses: the race detector sees a task that begins while
// somebody waits for the first.
func TestManyBeginWhileItCloses(t *testing.T) {
	for range 200 {
		var g tasks.Group
		var begun, ended atomic.Int64
		var callers sync.WaitGroup
		for range 4 {
			callers.Go(func() {
				if g.Go(func() { ended.Add(1) }) {
					begun.Add(1)
				}
			})
		}
		g.Close()
		at := ended.Load()
		callers.Wait()
		if begun.Load() != at {
			t.Fatalf("%d begun, %d had ended", begun.Load(), at)
		}
	}
}
