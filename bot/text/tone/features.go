package tone

import (
	"math"

	"crieur/bot/text/internal/split"
)

// The named features of a text. Sums of lexicon values come in four: good and
// bad words, each as they stand and negated.
const (
	fBias = iota
	fOwn
	fOwn2
	fOwn3
	fOwn4
	fFirst
	fFirst2
	fFirst3
	fFirst4
	fAfinn
	fAfinn2
	fAfinn3
	fAfinn4
	fBalance   // all lists together, between -1 and 1
	fWorst     // the worst own word
	fBest      // the best own word
	fAgree     // lists that say bad, less those that say good
	fButGood   // after the last "but"
	fButBad    //
	fUntilGood // before it
	fUntilBad  //
	fEndGood   // the last third of the text
	fEndBad    //
	fEmojiGood //
	fEmojiBad  //
	fMock      // marks of irony
	fMockBad   // marks of irony in a text with a complaint
	fPraiseBad // praise and complaint together
	fClap      // several claps
	fNegations
	fExclaims
	fAsks
	fAskWord
	fDots
	fQuotes
	fShouts
	fStretched
	fTags
	fHandles
	fReply // starts with a handle
	fLinks
	fLinkEnd // ends with a link
	fMe
	fYou
	fMeBad
	fYouBad
	fNumbers
	fColon
	fShort
	fLong
	fNothing  // no list knows any word
	fToxic    // surely toxic words
	fToxicish // perhaps toxic words
	features
)

// sums are a list's good and bad words, as they stand and negated.
type sums [4]float32

func (s *sums) add(value float32, negated bool) {
	switch {
	case value > 0 && !negated:
		s[0] += value
	case value < 0 && !negated:
		s[1] -= value
	case value > 0:
		s[2] += value
	case value < 0:
		s[3] -= value
	}
}

// damp keeps long texts from outweighing everything: 1 stays near 1, 10 is 3.
func damp(x float32) float32 {
	if x == 0 {
		return 0 // most features of most texts
	}
	return float32(math.Log1p(float64(x)) * 1.25)
}

// dense fills the named features of what was read.
func (r *reading) dense(in tongue, f *[features]float32) {
	clear(f[:])
	f[fBias] = 1
	var t tally
	for i := range r.words {
		r.count(i, in, &t, f)
	}
	for i := range 4 {
		f[fOwn+i], f[fFirst+i], f[fAfinn+i] = damp(t.own[i]/2), damp(t.first[i]/2), damp(t.afinn[i]/2)
	}
	good := t.own[0] + t.first[0] + t.afinn[0] + t.own[3]*0.3
	bad := t.own[1] + t.first[1] + t.afinn[1] + (t.own[2]+t.first[2]+t.afinn[2])*0.7
	f[fBalance] = (good - bad) / (good + bad + 4)
	f[fWorst], f[fBest] = t.worst/4, t.best/4
	f[fAgree] = t.agree()
	if r.contrast >= 0 {
		f[fButGood], f[fButBad] = damp(t.after[0]/3), damp(t.after[1]/3)
		f[fUntilGood], f[fUntilBad] = damp((t.all[0]-t.after[0])/3), damp((t.all[1]-t.after[1])/3)
	}
	f[fEndGood], f[fEndBad] = damp(t.end[0]/3), damp(t.end[1]/3)
	f[fEmojiGood], f[fEmojiBad] = damp(t.emoji[0]/2), damp(t.emoji[1]/2)
	f[fMock] = float32(min(r.mocking, 3))
	if t.own[1] > 0 || t.all[1] > 3 {
		f[fMockBad] = f[fMock]
		if t.praise > 0 {
			f[fPraiseBad] = 1
		}
	}
	if t.own[1] > 0 {
		f[fMeBad], f[fYouBad] = damp(f[fMe]), damp(f[fYou])
	}
	if good == 0 && bad == 0 && t.emoji == (sums{}) {
		f[fNothing] = 1
	}
	r.style(f)
}

// tally is what is summed up over a text's words.
type tally struct {
	own, first, afinn, emoji sums
	all, after, end          [2]float32
	worst, best              float32
	praise                   int
}

func (t *tally) agree() float32 {
	votes := float32(0)
	for _, list := range []*sums{&t.own, &t.first, &t.afinn} {
		good, bad := list[0]+0.5*list[3], list[1]+0.7*list[2]
		if bad > good {
			votes++
		} else if good > bad {
			votes--
		}
	}
	return votes
}

// count adds one token to the sums and the features that count tokens.
func (r *reading) count(i int, in tongue, t *tally, f *[features]float32) {
	w, k := &r.words[i], r.tokens[i]
	switch k.Kind {
	case split.Mark:
		r.mark(k, f)
		return
	case split.Link:
		f[fLinks]++
		return
	case split.Number:
		f[fNumbers]++
		r.weigh(i, in, t) // a phrase may start with it
		return
	case split.Handle:
		f[fHandles]++
	}
	if k.Has(split.Upper) {
		f[fShouts]++
	}
	if k.Has(split.Stretched) {
		f[fStretched]++
	}
	if k.Has(split.Hashtag) {
		f[fTags]++
	}
	e := w.entry
	if e == nil {
		return
	}
	if k.Kind == split.Emoji || k.Kind == split.Emoticon {
		if k.Count > 1 && string(r.cutter.Folded(k)) == "👏" {
			f[fClap] = 1 // several claps are as often ironic as not
			return
		}
		t.emoji.add(float32(e.emoji)*min(2, 0.75+float32(k.Count)/4), false)
		return
	}
	r.weigh(i, in, t)
	roles := e.roles[in]
	if roles&negates != 0 {
		f[fNegations]++
	}
	if roles&asks != 0 {
		f[fAskWord]++
	}
	if roles&speaks != 0 {
		f[fMe]++
	}
	if roles&addresses != 0 {
		f[fYou]++
	}
	if roles&praises != 0 {
		t.praise++
	}
}

// weigh adds a word's values to the sums. Crieur's own phrases silence what the
// other lists say of the words in them.
func (r *reading) weigh(i int, in tongue, t *tally) {
	w := &r.words[i]
	if w.inside {
		return
	}
	negated := w.negated && w.span == 1
	own := float32(w.own) * w.force
	first, afinn := float32(0), float32(0)
	if e := w.entry; w.span == 1 && e != nil {
		scale := float32(0.4)
		if in == english {
			scale = 0.1
		}
		first, afinn = float32(e.first[in])*scale*w.force, float32(e.afinn[in])*w.force
	}
	t.own.add(own, negated)
	t.first.add(first, negated)
	t.afinn.add(afinn, negated)
	total := own + first + afinn
	if negated {
		total *= -0.6
	} else {
		t.worst, t.best = max(t.worst, -own), max(t.best, own)
	}
	side := 0
	if total < 0 {
		side, total = 1, -total
	}
	t.all[side] += total
	if r.contrast >= 0 && i > r.contrast {
		t.after[side] += total
	}
	if i*3 >= len(r.words)*2 {
		t.end[side] += total
	}
}

// mark counts a punctuation sign.
func (r *reading) mark(k split.Token, f *[features]float32) {
	switch r.cutter.Folded(k)[0] {
	case '!':
		f[fExclaims] += float32(min(k.Count, 4))
	case '?':
		f[fAsks] += float32(min(k.Count, 3))
	case '.':
		if k.Count > 1 {
			f[fDots]++
		}
	case '"':
		f[fQuotes]++
	case ':':
		f[fColon]++
	}
}

// style finishes the features of form.
func (r *reading) style(f *[features]float32) {
	for _, i := range []int{fNegations, fExclaims, fAsks, fAskWord, fDots, fQuotes, fShouts, fStretched, fTags, fHandles, fLinks, fMe, fYou, fNumbers, fColon} {
		f[i] = damp(f[i])
	}
	n := len(r.tokens)
	if n > 0 {
		if r.tokens[0].Kind == split.Handle {
			f[fReply] = 1
		}
		if r.tokens[n-1].Kind == split.Link {
			f[fLinkEnd] = 1
		}
	}
	f[fShort] = 1 / (1 + float32(n)/4)
	f[fLong] = float32(math.Log1p(float64(n))) / 4
	for _, h := range r.toxic.found() {
		if h.level == 3 {
			f[fToxic]++
		} else {
			f[fToxicish]++
		}
	}
	f[fToxic], f[fToxicish] = damp(f[fToxic]), damp(f[fToxicish])
}

// grams appends the buckets of a text's n-grams.
func (r *reading) grams(dst []uint32) []uint32 { return r.cutter.Grams(r.tokens, dst) }
