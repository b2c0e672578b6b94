package brand

import (
	"testing"
)

func TestLanguages(t *testing.T) {
	for _, c := range []struct {
		name       string
		langs      []string
		own        string
		main, read string
	}{
		{"nothing set", nil, "", "fr", "fr"},
		{"the first is the main one", []string{"en", "fr"}, "", "en", "en"},
		{"a person's own choice wins", []string{"fr", "en"}, "en", "fr", "en"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &Brand{Langs: c.langs}
			if got := b.MainLang(); got != c.main {
				t.Errorf("MainLang() = %q, want %q", got, c.main)
			}
			if got := b.LangOf(&Member{Lang: c.own}); got != c.read {
				t.Errorf("LangOf() = %q, want %q", got, c.read)
			}
		})
	}
}
