package similar_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"crieur/bot/text/similar"
)

// BenchmarkAdd: signatures a second, taken and kept.
func BenchmarkAdd(b *testing.B) {
	index, i := similar.NewIndex(), 0
	posts := makePosts(1000)
	for b.Loop() {
		if err := index.Add(fmt.Sprint(i), posts[i%len(posts)], noon); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "signatures/s")
}

// BenchmarkNearest: the time of a lookup among texts of about 130 characters,
// and what each takes.
func BenchmarkNearest(b *testing.B) {
	for _, size := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(size, "kept"), func(b *testing.B) {
			before := heap()
			l, index := newLanguage(), similar.NewIndex()
			for i := range size {
				if err := index.Add(fmt.Sprint(i), l.post(), noon); err != nil {
					b.Fatal(err)
				}
			}
			kept := heap() - before
			posts := makePosts(1000)
			i := 0
			for b.Loop() {
				index.Nearest(posts[i%len(posts)])
				i++
			}
			b.ReportMetric(float64(kept)/float64(size), "bytes/text")
		})
	}
}

func BenchmarkCompare(b *testing.B) {
	changed := strings.ReplaceAll(original, "jours", "semaines")
	for b.Loop() {
		similar.Compare(original, changed)
	}
}

func makePosts(n int) []string {
	l, posts := newLanguage(), make([]string, n)
	for i := range posts {
		posts[i] = l.post()
	}
	return posts
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
