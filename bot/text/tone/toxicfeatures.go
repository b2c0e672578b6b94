package tone

import "crieur/bot/text/internal/linear"

// The named features of toxicity.
const (
	xBias     = iota
	xSure     // 4 kinds: words that are surely toxic
	xSureT    // threat
	xSureH    // hate
	xSureO    // obscenity
	xMostly   // 4 kinds: words that are toxic when aimed at somebody
	xMostlyT  //
	xMostlyH  //
	xMostlyO  //
	xAimed    // 4 kinds: the same, aimed
	xAimedT   //
	xAimedH   //
	xAimedO   //
	xCussSure // words of the open lists, by how surely they are profane
	xCussLikely
	xCussMaybe
	xYou    // speaks to somebody
	xYouBad // and has a bad word
	xBad    // balance of good and bad words
	xShouts
	xShort
	xShortYou
	xReply
	xLinks
	xQuotes
	xMe
	xKinds // more than one kind
	xTu    // speaks to somebody familiarly
	xTuBad // and has a bad word near
	xTuShort
	xOthers   // a word toxic when aimed, near "he", "that girl"
	xShortHit // a short text with a word toxic when aimed
	xAsks
	xLink
	toxicFeatures
)

// toxicPrior is what is believed of the features before any example is seen, so
// that words which no example holds count too.
func toxicPrior() *linear.Weights {
	w := &linear.Weights{Classes: 2, Dense: make([]float32, 2*toxicFeatures)}
	believe := func(feature int, weight float32) {
		w.Dense[2*feature], w.Dense[2*feature+1] = -weight/2, weight/2
	}
	believe(xBias, -2.5)
	for k := range int(kinds) {
		believe(xSure+k, 3)
		believe(xAimed+k, 2)
		believe(xMostly+k, 0.7)
	}
	believe(xSureO, 2)
	believe(xMostlyO, 0.2)
	believe(xAimedO, 1)
	believe(xShortHit, 2)
	believe(xTuBad, 0.5)
	believe(xOthers, 0.5)
	return w
}

// toxicDense fills the features of toxicity of what was read, after dense.
func (r *reading) toxicDense(in tongue, f *[features]float32, x *[toxicFeatures]float32) {
	clear(x[:])
	x[xBias] = 1
	var sure, mostly, aimed, seen [kinds]float32
	for _, h := range r.toxic.found() {
		strength := r.strength(h, in)
		if strength == 0 {
			continue
		}
		seen[h.kind] = 1
		[...]*[kinds]float32{1: &mostly, 2: &aimed, 3: &sure}[strength][h.kind]++
	}
	kindsSeen := float32(0)
	for k := range int(kinds) {
		x[xSure+k], x[xMostly+k], x[xAimed+k] = damp(sure[k]), damp(mostly[k]), damp(aimed[k])
		kindsSeen += seen[k]
	}
	if kindsSeen > 1 {
		x[xKinds] = kindsSeen - 1
	}
	x[xCussMaybe], x[xCussLikely], x[xCussSure] = damp(float32(r.toxic.cuss[1])), damp(float32(r.toxic.cuss[2])), damp(float32(r.toxic.cuss[3]))
	x[xYou] = min(f[fYou], 2)
	if f[fBalance] < 0 {
		x[xYouBad] = min(f[fYou], 1)
	}
	x[xBad] = -f[fBalance]
	x[xShouts], x[xShort], x[xLinks], x[xQuotes], x[xMe] = min(f[fShouts], 3), f[fShort], min(f[fLinks], 1), min(f[fQuotes], 1), min(f[fMe], 2)
	x[xShortYou] = f[fShort] * x[xYou]
	x[xReply] = f[fReply]
	x[xAsks], x[xLink] = min(f[fAsks], 1), f[fLinkEnd]
	r.familiar(in, x)
	if kindsSeen > 0 {
		x[xShortHit] = f[fShort]
	}
	x[xTuShort] = f[fShort] * x[xTu]
}

// familiar fills the features of how people are spoken to and of.
func (r *reading) familiar(in tongue, x *[toxicFeatures]float32) {
	last := -10
	for i := range r.words {
		e := r.words[i].entry
		if e == nil {
			continue
		}
		if e.roles[in]&familiar != 0 {
			x[xTu] = 1
			last = i
		}
		if i-last <= 4 && r.words[i].own < 0 {
			x[xTuBad] = 1
		}
	}
	for _, h := range r.toxic.found() {
		if h.level < 3 && r.near(h, others, in) {
			x[xOthers] = 1
		}
	}
}

// strength is what a hit weighs where it stands: 3 surely toxic, 2 a word that
// is toxic when aimed and is, 1 one that is not or a weaker one that is, 0 a weak
// one that is not.
func (r *reading) strength(h hit, in tongue) int {
	switch {
	case h.level >= 3:
		return 3
	case r.aimed(h, in):
		return int(h.level)
	}
	return int(h.level) - 1
}

// kindsFound are the kinds that a reading's words speak for, the strongest
// first.
func (r *reading) kindsFound(in tongue) []Kind {
	var strongest [kinds]int
	for _, h := range r.toxic.found() {
		strongest[h.kind] = max(strongest[h.kind], r.strength(h, in))
	}
	var found []Kind
	for strength := 3; strength >= 1; strength-- {
		for _, k := range []Kind{Threat, Hate, Insult, Obscenity} {
			if strongest[k] == strength {
				found = append(found, k)
			}
		}
	}
	return found
}

// toxicWords are the spans that made a text toxic.
func (r *reading) toxicWords(dst []Span) []Span {
	for _, h := range r.toxic.found() {
		if h.level < 2 {
			continue
		}
		span := r.span(h.at, h.span)
		span.Kind = h.kind.String()
		dst = append(dst, span)
	}
	return dst
}

// span is the place of n tokens from token i.
func (r *reading) span(i, n int) Span {
	return Span{Start: r.tokens[i].Start, End: r.tokens[i+n-1].End}
}
