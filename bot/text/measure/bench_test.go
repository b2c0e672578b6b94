package measure

import (
	"strings"
	"testing"
)

// benchTexts are ordinary posts, the kinds that cost differently.
var benchTexts = []struct{ name, text string }{
	{"ascii", "Our Christmas tea is back on Thursday. Who was waiting for it? See https://colibri.fr/christmas-tea and tell us. #ChristmasTea"},
	{"french", "Notre thé de Noël est de retour jeudi ! Qui l’attendait ? À découvrir sur https://colibri.fr/the-de-noel dès 9 h. #ThéDeNoël 🍵"},
	{"emoji", "🎄🍵 Le thé 👨‍👩‍👧‍👦 de Noël ❤️ est là 🇫🇷🇧🇪 pour toute la famille 🎁✨ et pour vous aussi 👋🏽"},
	{"japanese", "クリスマスティーが帰ってきました。木曜日から販売します。詳しくはcolibri.jp/christmasをご覧ください。#クリスマス"},
}

func BenchmarkLength(b *testing.B) {
	for _, network := range []Network{X, Bluesky, Mastodon, LinkedIn, Threads} {
		rules := body(b, network)
		for _, sample := range benchTexts {
			b.Run(string(network)+"/"+sample.name, func(b *testing.B) {
				b.SetBytes(int64(len(sample.text)))
				b.ReportAllocs()
				for b.Loop() {
					Length(sample.text, rules)
				}
			})
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	for _, network := range []Network{X, Bluesky, Mastodon} {
		rules := body(b, network)
		for _, sample := range benchTexts {
			text := strings.Repeat(sample.text+" ", 10)
			b.Run(string(network)+"/"+sample.name, func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Split(text, rules); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, network := range []Network{X, LinkedIn, Instagram} {
		rules := body(b, network)
		for _, sample := range benchTexts {
			b.Run(string(network)+"/"+sample.name, func(b *testing.B) {
				b.SetBytes(int64(len(sample.text)))
				b.ReportAllocs()
				for b.Loop() {
					Check(sample.text, rules)
				}
			})
		}
	}
}

func BenchmarkFacets(b *testing.B) {
	for _, sample := range benchTexts {
		b.Run(sample.name, func(b *testing.B) {
			b.SetBytes(int64(len(sample.text)))
			b.ReportAllocs()
			for b.Loop() {
				Facets(sample.text)
			}
		})
	}
}
