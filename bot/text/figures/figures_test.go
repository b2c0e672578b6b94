package figures

import (
	"math"
	"strings"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestTable(t *testing.T) {
	table := NewTable("bad", "good", "never")
	for _, answer := range [][2]int{{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}, {1, 1}} {
		table.Add(answer[0], answer[1])
	}
	p, r, f, n := table.Class(0)
	if !near(p, 2.0/3) || !near(r, 2.0/3) || !near(f, 2.0/3) || n != 3 {
		t.Errorf("class 0: %v %v %v %d", p, r, f, n)
	}
	if p, r, f, n := table.Class(2); p != 0 || r != 0 || f != 0 || n != 0 {
		t.Error("a class without answers has figures")
	}
	if !near(table.MacroF1(), 2.0/3) {
		t.Errorf("macro-F1 %v: a class that does not occur must not count", table.MacroF1())
	}
	if !near(table.Accuracy(), 4.0/6) || table.Total() != 6 {
		t.Errorf("accuracy %v of %d", table.Accuracy(), table.Total())
	}
	var text strings.Builder
	table.Write(&text)
	if !strings.Contains(text.String(), "macro-F1 66.7, accuracy 66.7, 6 texts") {
		t.Error(text.String())
	}
}

func TestEmpty(t *testing.T) {
	table := NewTable("a")
	if table.MacroF1() != 0 || table.Accuracy() != 0 {
		t.Error("nothing counted has figures")
	}
	if got := Curve(nil); len(got) != 0 {
		t.Error(got)
	}
	if got := Curve([]Scored{{P: 0.5}}); len(got) != 0 {
		t.Error("no true one: no recall", got)
	}
}

func TestCurve(t *testing.T) {
	scored := []Scored{{0.2, false}, {0.9, true}, {0.8, true}, {0.8, false}, {0.4, true}}
	points := Curve(scored)
	want := []Point{{0.9, 1, 1.0 / 3, 1}, {0.8, 2.0 / 3, 2.0 / 3, 3}, {0.4, 0.75, 1, 4}, {0.2, 0.6, 1, 5}}
	if len(points) != len(want) {
		t.Fatalf("%v", points)
	}
	for i, p := range points {
		if !near(p.Threshold, want[i].Threshold) || !near(p.Precision, want[i].Precision) || !near(p.Recall, want[i].Recall) || p.Said != want[i].Said {
			t.Errorf("point %d: %+v, want %+v", i, p, want[i])
		}
	}
	if p, ok := AtPrecision(points, 0.7, 1); !ok || p.Threshold != 0.4 {
		t.Errorf("at .7: %+v %v", p, ok)
	}
	if p, ok := AtPrecision(points, 0.9, 1); !ok || p.Threshold != 0.9 {
		t.Errorf("at .9: %+v %v", p, ok)
	}
	if _, ok := AtPrecision(points, 0.9, 2); ok {
		t.Error("one text is not enough to believe a precision")
	}
	var text strings.Builder
	WriteCurve(&text, scored)
	if !strings.Contains(text.String(), "95%") || !strings.Contains(text.String(), "never") {
		t.Error(text.String())
	}
}

func TestSurelyAt(t *testing.T) {
	points := []Point{{0.9, 1, 0.1, 10}, {0.8, 0.92, 0.5, 100}, {0.7, 0.86, 0.6, 100}, {0.6, 0.86, 0.7, 10000}}
	if p, ok := SurelyAt(points[:3], 0.85, 10); !ok || p.Threshold != 0.8 {
		t.Errorf(".86 of 100 is not surely .85: %+v %v", p, ok)
	}
	if p, ok := SurelyAt(points, 0.85, 10); !ok || p.Threshold != 0.6 {
		t.Errorf(".86 of 10000 is: %+v %v", p, ok)
	}
	if p, ok := SurelyAt(points[:1], 0.95, 10); ok {
		t.Errorf("ten of ten is not surely .95: %+v", p)
	}
	if got := lower(1, 10); !near(got, 10.0/11) {
		t.Errorf("lower bound of ten of ten: %v", got)
	}
}
