package tone

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"crieur/bot/text/internal/phrases"
	"crieur/bot/text/internal/split"
)

//go:generate go run ./lexgen

var (
	//go:embed lexicon.txt.gz
	openLexicon []byte
	//go:embed own-fr.txt
	ownFrench string
	//go:embed own-en.txt
	ownEnglish string
	//go:embed own-emoji.txt
	ownEmoji string
	//go:embed toxic-fr.txt
	toxicFrench string
	//go:embed toxic-en.txt
	toxicEnglish string
)

// tongue is a language that the lexicons speak.
type tongue uint8

const (
	french tongue = iota
	english
	foreign // no lexicon: only emoji, signs and what a brand's own model learnt
	tongues
)

// role is what a word does in a sentence besides being good or bad.
type role uint16

const (
	negates role = 1 << iota
	boosts
	softens
	contrasts
	praises // praise that is often meant ironically
	mocks   // marks of irony
	asks
	addresses // you
	speaks    // I
	numbers   // two, several
	familiar  // tu
	others    // he, that girl
	quiets    // phrases in which good and bad words mean nothing
)

// entry is what the lexicons say of one word or phrase.
type entry struct {
	own   [tongues]int8 // Crieur's own weight, -4 to 4
	first [tongues]int8 // pattern-fr (tenths of 1) or VADER (tenths of 4)
	afinn [tongues]int8 // AFINN, -5 to 5
	emoji int8          // -5 to 5
	toxic [tongues][kinds]int8
	cuss  [tongues]int8
	roles [tongues]role
	long  int8 // tokens in the longest phrase that starts with this word
}

// lexicon finds entries by the hash of a folded word or of a phrase's words.
type lexicon struct {
	keys    []uint64 // open addressing by the hash's low bits; 0 is a free place
	places  []int32  // of keys, in entries
	entries []entry
	bad     []string // toxic words, for those written with stars
}

func (l *lexicon) find(hash uint64) *entry {
	at := l.place(hash)
	if l.keys[at] == 0 {
		return nil
	}
	return &l.entries[l.places[at]]
}

// place gives where a hash is kept or would be. The table is four times as large
// as what is in it, so the search is short.
func (l *lexicon) place(hash uint64) int {
	mask := len(l.keys) - 1
	at := int(hash) & mask
	for l.keys[at] != 0 && l.keys[at] != hash {
		at = (at + 1) & mask
	}
	return at
}

// at returns the entry of a written form, made if need be.
func (l *lexicon) at(form string, s *split.Splitter) *entry {
	hash, words := uint64(0), 0
	var first uint64
	for _, t := range s.Split(form) {
		h := t.Hash
		if words == 0 {
			hash, first = h, h
		} else {
			hash = phrases.Join(hash, h)
		}
		words++
	}
	if words == 0 {
		return nil
	}
	if words > 1 {
		start := l.make(first)
		start.long = max(start.long, int8(words))
	}
	return l.make(hash)
}

func (l *lexicon) make(hash uint64) *entry {
	at := l.place(hash)
	if l.keys[at] == 0 {
		l.keys[at], l.places[at] = hash, int32(len(l.entries))
		l.entries = append(l.entries, entry{})
	}
	return &l.entries[l.places[at]]
}

// room is how many hashes the table has places for.
const room = 1 << 17

// readLexicon builds the lexicon from the embedded files. An error means that a
// file in this folder is malformed.
func readLexicon() (*lexicon, error) {
	l := &lexicon{keys: make([]uint64, room), places: make([]int32, room), entries: make([]entry, 0, room/4)}
	if err := l.readOpen(openLexicon); err != nil {
		return nil, err
	}
	for _, own := range []struct {
		text string
		in   tongue
	}{{ownEmoji, foreign}, {ownFrench, french}, {ownEnglish, english}, {toxicFrench, french}, {toxicEnglish, english}} {
		if err := l.readOwn(own.text, own.in); err != nil {
			return nil, err
		}
	}
	if len(l.entries) > room/2 {
		return nil, fmt.Errorf("lexicon of %d entries: make room", len(l.entries))
	}
	return l, nil
}

// readOpen reads what lexgen wrote: "word<TAB>a3v21".
func (l *lexicon) readOpen(packed []byte) error {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("open lexicon: %w", err)
	}
	var s split.Splitter
	lines := bufio.NewScanner(unpacked)
	for lines.Scan() {
		word, values, _ := strings.Cut(lines.Text(), "\t")
		e := l.at(word, &s)
		if e == nil {
			return fmt.Errorf("open lexicon: empty entry %q", lines.Text())
		}
		for values != "" {
			end := strings.IndexFunc(values[1:], func(r rune) bool { return r >= 'a' }) + 1
			if end == 0 {
				end = len(values)
			}
			value, err := strconv.ParseInt(values[1:end], 10, 8)
			if err != nil {
				return fmt.Errorf("open lexicon: entry %q: %w", word, err)
			}
			e.set(values[0], int8(value))
			values = values[end:]
		}
	}
	return lines.Err()
}

// set stores a value under the letter that lexgen gave to its list.
func (e *entry) set(list byte, value int8) {
	switch list {
	case 'v':
		e.first[english] = value
	case 'a':
		e.afinn[english] = value
	case 'p':
		e.first[french] = value
	case 'f':
		e.afinn[french] = value
	case 'e':
		e.emoji = value
	case 'x':
		e.cuss[english] = value
	case 'y', 'z':
		e.cuss[french] += value
	}
}

// readOwn reads one of Crieur's own files: sections in brackets, weights before
// a colon, entries between commas.
func (l *lexicon) readOwn(text string, in tongue) error {
	var s split.Splitter
	section := ""
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == '[':
			section = strings.Trim(line, "[]")
			continue
		}
		weight := 0
		if head, rest, ok := strings.Cut(line, ": "); ok {
			var err error
			if weight, err = strconv.Atoi(head); err != nil {
				return fmt.Errorf("own lexicon line %d: %w", number+1, err)
			}
			line = rest
		}
		for _, item := range items(line, section) {
			for _, form := range phrases.Expand(item) {
				if err := l.own(form, section, int8(weight), in, &s); err != nil {
					return fmt.Errorf("own lexicon line %d: %w", number+1, err)
				}
			}
		}
	}
	return nil
}

func (l *lexicon) own(form, section string, weight int8, in tongue, s *split.Splitter) error {
	e := l.at(form, s)
	if e == nil {
		return nil
	}
	switch section {
	case "emoji":
		e.emoji = weight
	case "tone":
		if e.own[in] == 0 {
			e.own[in] = weight
		}
	case "negation":
		e.roles[in] |= negates
	case "boost":
		e.roles[in] |= boosts
	case "soften":
		e.roles[in] |= softens
	case "contrast":
		e.roles[in] |= contrasts
	case "praise":
		e.roles[in] |= praises
	case "sarcasm":
		e.roles[in] |= mocks
	case "question":
		e.roles[in] |= asks
	case "you":
		e.roles[in] |= addresses
	case "number":
		e.roles[in] |= numbers
	case "familiar":
		e.roles[in] |= familiar
	case "quiet":
		e.roles[in] |= quiets
	case "others":
		e.roles[in] |= others
	case "me":
		e.roles[in] |= speaks
	case "insult", "threat", "hate", "obscenity":
		kind := kindOf(section)
		e.toxic[in][kind] = max(e.toxic[in][kind], weight)
		if weight >= 2 && !strings.Contains(form, " ") {
			l.bad = append(l.bad, split.Fold(form))
		}
	default:
		return fmt.Errorf("unknown section %q", section)
	}
	return nil
}

// items cuts a line of an own file at its commas, emoji at spaces.
func items(line, section string) []string {
	if section == "emoji" {
		return strings.Fields(line)
	}
	return phrases.Items(line)
}
