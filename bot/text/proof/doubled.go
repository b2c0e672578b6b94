package proof

// doubled reports a word written twice, among the little words that are never
// repeated on purpose.
func doubled(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		again := p.at(i + 2)
		if t.hint&hintTwice == 0 || !p.at(i+1).isBlank() && p.at(i+1).kind != newline || again.lower != t.lower || !again.isLower() {
			continue
		}
		if left, right := p.at(i-1), p.at(i+3); left.is("-") || left.isApostrophe() || right.is("-") || right.isApostrophe() {
			continue
		}
		if p.at(i+1).kind == newline && (p.at(i-1).kind == newline || i == 0) {
			continue // a list of one word a line
		}
		problem := p.problem("doubled", Grammar, Error, i, i+2, t.text)
		problem.Args = map[string]string{"word": t.text}
		found.add(problem)
	}
}

// Neither list has the words that a sentence may say twice ("nous nous
// voyons", "had had", "la la la", "très très").
var frenchNeverTwice = setOf(`le les un une des du de au aux et ou dans pour par avec sans ce cet cette ces mon ton son ma
	sa mes tes ses notre votre leur leurs qui que je tu il on ils ne se est sont sur mais donc dont chez quand comme ont
	sera peut vos nos quel quelle entre vers depuis afin lors car`)

var englishNeverTwice = setOf(`the a an and or of to in on at for with from by as is are was were be this these those his
	my your our their its it we they he she i if but not can will would should could have has at into about who what`)
