package lang

import (
	"strings"

	"crieur/bot/text/internal/linear"
	"crieur/bot/text/internal/split"
)

// Learn fits weights to sentences by language code; codes that Codes lacks count
// as Other. Languages are taken in the given order, so that the same input gives
// the same weights. It is what the generator calls.
//
// People write shorter and plainer than sentences of books: each sentence is
// also learnt from in windows of a few words, some of them without accents.
func Learn(sentences map[string][]string, order []string) []byte {
	var l learner
	for _, code := range order {
		l.class = classOf(code)
		for i, sentence := range sentences[code] {
			l.add(sentence)
			words := strings.Fields(sentence)
			for at, n := 0, 2+i%4; at+n <= len(words) && at < 3*n; at += n {
				window := strings.Join(words[at:at+n], " ")
				if (at+i)%3 == 0 {
					window = split.Fold(window)
				}
				l.add(window)
			}
		}
	}
	return linear.Fit(l.examples, linear.Options{
		Classes: len(codes), Dense: features, Grams: true, Buckets: buckets, Epochs: 10, Rate: 0.1,
	}).Pack().Append(nil)
}

type learner struct {
	scanner
	class    int
	examples []linear.Example
}

func (l *learner) add(text string) {
	l.scan(text)
	if _, _, decided := l.byScript(); decided {
		return
	}
	l.examples = append(l.examples, linear.Example{
		Dense: append([]float32(nil), l.dense[:]...),
		Grams: append([]uint32(nil), l.grams()...),
		Class: l.class,
	})
}
