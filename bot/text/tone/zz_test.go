package tone

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	m := model(t)
	for _, l := range []string{"fr", "en"} {
		data, _ := os.ReadFile("/work/shared/data/tone/sentiment-" + l + ".jsonl")
		var w work
		n := map[string]int{}
		cov := map[string]int{}
		mean := map[string]*[features]float64{}
		for _, x := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			var r struct{ Text, Label string }
			json.Unmarshal([]byte(x), &r)
			m.open(&w, r.Text, l)
			n[r.Label]++
			cov[r.Label] += int(w.f[fNothing])
			if mean[r.Label] == nil {
				mean[r.Label] = new([features]float64)
			}
			for i, v := range w.f {
				mean[r.Label][i] += float64(v)
			}
		}
		fmt.Println(l, n, cov)
		in := french
		if l == "en" {
			in = english
		}
		wt := m.sentiment[in].Weights()
		for i := range features {
			fmt.Printf("%2d", i)
			for c, k := range []string{"negative", "neutral", "positive"} {
				fmt.Printf("  %6.3f w%6.2f", mean[k][i]/float64(n[k]), wt.Dense[i*3+c])
			}
			fmt.Println()
		}
	}
}
