package tone

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"

	"crieur/bot/text/figures"
)

// taught are labels of a brand whose customers say "mousseux" for bad.
func taught(n int) []Label {
	var labels []Label
	for i := range n {
		labels = append(labels,
			Label{fmt.Sprintf("le savon %d est mousseux", i), "fr", Negative},
			Label{fmt.Sprintf("le savon %d est carré", i), "fr", Neutral},
			Label{fmt.Sprintf("le savon %d est rond, youpi", i), "fr", Positive})
	}
	return labels
}

func TestTrain(t *testing.T) {
	m := model(t)
	own, report, err := m.Train(taught(40), 0.9)
	if err != nil {
		t.Fatal(err)
	}
	if report.Labels != 120 || report.After.Total() != 120 || report.Before.Total() != 120 || len(report.Scored) != 120 {
		t.Errorf("report of %d labels, %d, %d", report.Labels, report.After.Total(), report.Before.Total())
	}
	if report.After.MacroF1() < 0.95 || report.Worse || !report.Reached || report.At.Precision < 0.9 {
		t.Errorf("macro-F1 %.2f (was %.2f), worse %v, at %+v", report.After.MacroF1(), report.Before.MacroF1(), report.Worse, report.At)
	}
	if own.Threshold() != report.At.Threshold || !own.Own() || m.Own() {
		t.Error("the threshold of the report is not the model's")
	}
	if got := own.Score("ce savon est mousseux", "fr"); got.Sentiment != Negative || !got.Sure {
		t.Errorf("mousseux: %v %.2f", got.Sentiment, got.PNegative)
	}
	if got := m.Score("ce savon est mousseux", "fr"); got.Sure {
		t.Error("the shipped model changed")
	}
	if !own.Score("ferme ta gueule", "fr").Toxic {
		t.Error("toxicity was lost")
	}
	again, _, err := m.Train(taught(40), 0.9)
	if err != nil || !bytes.Equal(again.Encode(), own.Encode()) {
		t.Errorf("the same labels gave another model (%v)", err)
	}
}

// TestTrainSaysWorse teaches labels without any sense in which the shipped
// model happens to be right: what is learnt can only be worse, and is said to be.
func TestTrainSaysWorse(t *testing.T) {
	m := model(t)
	var labels []Label
	for i, text := range []string{"honteux", "c'est nul", "inadmissible", "quelle arnaque", "toujours rien reçu", "bravo", "merci", "parfait", "j'adore", "excellent"} {
		for j := range 6 {
			s := Negative
			if i >= 5 {
				s = Positive
			}
			labels = append(labels, Label{fmt.Sprintf("%s %c%c%c", text, 'a'+i, 'k'+j, 'f'+i), "fr", s})
		}
	}
	for i := range labels[:20] { // noise that no text explains
		labels = append(labels, Label{fmt.Sprintf("%c%d", 'a'+i, i), "fr", Sentiment(2 * (i % 2))})
	}
	_, report, err := m.Train(labels, 0.99)
	if err != nil {
		t.Fatal(err)
	}
	if want := report.After.MacroF1() < report.Before.MacroF1(); report.Worse != want {
		t.Errorf("worse %v, figures say %v", report.Worse, want)
	}
}

func TestTrainUnreachable(t *testing.T) {
	m := model(t)
	var labels []Label
	for i := range 60 { // the same texts, labelled at random
		labels = append(labels, Label{"le savon", "fr", Sentiment(i % 3)})
	}
	own, report, err := m.Train(labels, 0.99)
	if err != nil {
		t.Fatal(err)
	}
	if report.Reached || own.Score("le savon", "fr").Sure {
		t.Errorf("precision .99 on noise: reached %v at %+v", report.Reached, report.At)
	}
}

func TestTrainTooFew(t *testing.T) {
	m := model(t)
	one := make([]Label, 100)
	for i := range one {
		one[i] = Label{"bien", "fr", Positive}
	}
	for _, labels := range [][]Label{nil, taught(5), one} {
		if _, _, err := m.Train(labels, 0.8); !errors.Is(err, ErrTooFew) {
			t.Errorf("%d labels: %v, want ErrTooFew", len(labels), err)
		}
	}
}

func TestPlatt(t *testing.T) {
	var scored []figures.Scored
	for i := range 1000 { // says .9 when it is right 60 % of the time
		scored = append(scored, figures.Scored{P: 0.9, True: i%10 < 6}, figures.Scored{P: 0.1, True: i%10 < 4})
	}
	c := platt(scored)
	if got := c.apply(0.9); math.Abs(got-0.6) > 0.02 {
		t.Errorf(".9 became %.3f, want .6", got)
	}
	if got := platt(nil); got != (curve{slope: 1}) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestEncodeDecode(t *testing.T) {
	m := model(t)
	own, _, err := m.Train(taught(20), 0.8)
	if err != nil {
		t.Fatal(err)
	}
	if size := len(own.Encode()); size > 1<<20 {
		t.Errorf("%d bytes", size)
	}
	for _, model := range []*Model{m, own} {
		read, err := m.Decode(model.Encode())
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"ce savon est mousseux", "merci", "ferme ta gueule"} {
			a, b := model.Score(text, "fr"), read.Score(text, "fr")
			if a.PNegative != b.PNegative || a.PToxic != b.PToxic || a.Sure != b.Sure {
				t.Errorf("%s: %+v became %+v", text, a, b)
			}
		}
	}
	data := own.Encode()
	other := bytes.Clone(data)
	other[len(magic)] = version + 1
	for name, bad := range map[string][]byte{"nothing": nil, "cut": data[:len(data)-1], "more": append(bytes.Clone(data), 0), "other version": other, "other file": []byte("crieur theme...........")} {
		if _, err := m.Decode(bad); !errors.Is(err, ErrModel) {
			t.Errorf("%s: %v, want ErrModel", name, err)
		}
	}
}

func TestScoreAtTheSameTime(t *testing.T) {
	m := model(t)
	want := m.Score("toujours rien reçu", "fr").PNegative
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 50 {
				if got := m.Score("toujours rien reçu", "fr").PNegative; got != want {
					t.Errorf("%v, want %v", got, want)
				}
				m.Score("great service, thanks", "en")
			}
		})
	}
	wait.Wait()
}

func FuzzScore(f *testing.F) {
	m := model(f)
	for _, seed := range []string{"Génial, encore un colis perdu 👏👏", "f*ck @u", "\xff l' n'", "# s e m a i n e s", "pas"} {
		f.Add(seed, "fr")
	}
	f.Add("don't", "en")
	f.Fuzz(func(t *testing.T, text, lang string) {
		got := m.Score(text, lang)
		if !(got.PNegative >= 0 && got.PNegative <= 1 && got.PToxic >= 0 && got.PToxic <= 1) || got.Sentiment >= sentiments {
			t.Fatalf("%q: %+v", text, got)
		}
		for _, span := range got.Why {
			if span.Start < 0 || span.End > len(text) || span.Start >= span.End || span.Kind == "" {
				t.Fatalf("%q: %+v", text, span)
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	m := model(f)
	f.Add(m.Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		read, err := m.Decode(data)
		if err == nil {
			read.Score("merci", "fr")
		} else if !errors.Is(err, ErrModel) {
			t.Fatal(err)
		}
	})
}
