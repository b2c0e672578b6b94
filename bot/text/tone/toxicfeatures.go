package tone

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
	toxicFeatures
)

// toxicDense fills the features of toxicity of what was read, after dense.
func (r *reading) toxicDense(in tongue, f *[features]float32, x *[toxicFeatures]float32) {
	clear(x[:])
	x[xBias] = 1
	var sure, mostly, aimed, seen [kinds]float32
	for _, h := range r.toxic.found() {
		seen[h.kind] = 1
		switch {
		case h.level >= 3:
			sure[h.kind]++
		case r.aimed(h, in):
			aimed[h.kind]++
		default:
			mostly[h.kind]++
		}
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
}

// kindsFound are the kinds that a reading's words speak for, the strongest
// first.
func (r *reading) kindsFound(in tongue) []Kind {
	var level [kinds]int
	for _, h := range r.toxic.found() {
		strength := int(h.level) * 2
		if h.level < 3 && !r.aimed(h, in) {
			strength = 1
		}
		level[h.kind] = max(level[h.kind], strength)
	}
	var found []Kind
	for strength := 6; strength >= 2; strength-- {
		for _, k := range []Kind{Threat, Hate, Insult, Obscenity} {
			if level[k] == strength {
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
