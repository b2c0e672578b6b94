//go:build unix

package tone

import (
	"fmt"
	"syscall"
	"testing"
)

// processor gives the seconds of processor time that this process has used. The
// wall clock says little about speed on a machine that others use too.
func processor(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return float64(used.Utime.Sec+used.Stime.Sec) + float64(used.Utime.Usec+used.Stime.Usec)/1e6
}

func benchmark(b *testing.B, m *Model) {
	texts := []string{
		"Trois semaines que j'attends mon colis, toujours rien. Bravo la livraison ! https://exemple.fr/suivi",
		"@marque merci pour la réponse rapide, je valide à 100 % 😍",
		"Le conseil municipal se réunit jeudi soir à la mairie pour parler du plan vélo et des travaux",
	}
	b.ReportAllocs()
	n, start := 0, processor(b)
	for b.Loop() {
		m.Score(texts[n%3], "fr")
		n++
	}
	b.ReportMetric(float64(n)/(processor(b)-start), "messages/cpu-s")
}

func BenchmarkScore(b *testing.B) { benchmark(b, model(b)) }

func BenchmarkScoreOwn(b *testing.B) {
	own, _, err := model(b).Train(taught(40), 0.8)
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, own)
}

func BenchmarkTrain(b *testing.B) {
	m := model(b)
	var labels []Label
	for i, l := range taught(700) {
		l.Text = fmt.Sprintf("%s, et puis rien de plus à dire de ma commande %d", l.Text, i)
		labels = append(labels, l)
	}
	start := processor(b)
	for b.Loop() {
		if _, _, err := m.Train(labels, 0.85); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((processor(b)-start)/float64(b.N), "cpu-s/train")
}
