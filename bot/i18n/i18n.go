// Package i18n holds every word that people read, in French and English, and
// says dates, times, amounts and lists the way people write them.
//
// The words are in catalog/<lang>/<room>.json, one file a room; each key starts
// with its room's name. It does not know who reads: the caller chooses the
// language and the zone. Rules of style: facts of the project on voice (short
// sentences, no-break spaces, curly apostrophes), tested in this package.
package i18n

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed catalog
var files embed.FS

// Langs are the languages that are complete.
func Langs() []string { return []string{"fr", "en"} }

// Catalog is every message in every language. It is read-only and safe for
// concurrent use.
type Catalog struct {
	langs map[string]messages
}

// messages are those of one language. Most say the same whatever they are given:
// kept as they are, they cost a tenth of the memory of a template.
type messages struct {
	plain  map[string]string
	filled *goi18n.Localizer // by numbers and names
}

// Load reads the embedded catalog.
func Load() (*Catalog, error) {
	catalog := &Catalog{langs: map[string]messages{}}
	for _, lang := range Langs() {
		names, err := fs.Glob(files, path.Join("catalog", lang, "*.json"))
		if err != nil {
			return nil, fmt.Errorf("list catalog %s: %w", lang, err)
		}
		bundle, plain := goi18n.NewBundle(language.English), map[string]string{}
		for _, name := range names {
			if err := read(name, lang, plain, bundle); err != nil {
				return nil, fmt.Errorf("read catalog %s: %w", name, err)
			}
		}
		catalog.langs[lang] = messages{plain, goi18n.NewLocalizer(bundle, lang)}
	}
	return catalog, nil
}

// In is what people wrote in a language, else in one of those in which they did.
func In(words map[string]string, lang string) string {
	said := words[lang]
	for _, other := range append(Langs(), slices.Sorted(maps.Keys(words))...) {
		said = cmp.Or(said, words[other])
	}
	return said
}

// read adds the messages of one file to plain or, where they have forms or
// places to fill, to the bundle.
func read(name, lang string, plain map[string]string, bundle *goi18n.Bundle) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	all := map[string]any{}
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	for key, said := range all {
		if text, ok := said.(string); ok && !strings.Contains(text, "{{") {
			plain[key] = text
			delete(all, key)
		}
	}
	rest, err := json.Marshal(all)
	if err != nil {
		return err
	}
	_, err = bundle.ParseMessageFileBytes(rest, lang+".json")
	return err
}

// Printer speaks one language in one zone.
type Printer struct {
	// Lang is "fr" or "en".
	Lang string
	// Zone is where the reader is.
	Zone     *time.Location
	messages messages
	catalog  *Catalog
}

// For returns a printer; an unknown language becomes English.
func (c *Catalog) For(lang string, zone *time.Location) *Printer {
	lang = Base(lang)
	if zone == nil {
		zone = time.UTC
	}
	return &Printer{Lang: lang, Zone: zone, messages: c.langs[lang], catalog: c}
}

// Base returns the complete language that serves a locale: "fr-CA" is "fr",
// anything that is not French is "en".
func Base(locale string) string {
	if len(locale) >= 2 && (locale[:2] == "fr" || locale[:2] == "FR") {
		return "fr"
	}
	return "en"
}

// Has says whether the catalog has the key in the printer's language.
func (p *Printer) Has(key string) bool {
	if _, ok := p.messages.plain[key]; ok {
		return true
	}
	_, err := p.messages.filled.Localize(&goi18n.LocalizeConfig{MessageID: key, PluralCount: 2})
	return err == nil
}

// T says a message. Arguments come in pairs of name and value; an argument
// named Count, an int, chooses the plural form. A missing key says the key
// itself: tests keep that from happening.
func (p *Printer) T(key string, args ...any) string {
	if text, ok := p.messages.plain[key]; ok {
		return text
	}
	config := &goi18n.LocalizeConfig{MessageID: key}
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			continue
		}
		data[name] = args[i+1]
		if count, ok := args[i+1].(int); ok {
			data[name] = p.Number(count)
			if name == "Count" {
				config.PluralCount = count
			}
		}
	}
	config.TemplateData = data
	text, err := p.messages.filled.Localize(config)
	if err != nil && text == "" {
		return key
	}
	return text
}
