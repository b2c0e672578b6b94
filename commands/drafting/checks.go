package drafting

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/text/measure"
	"crieur/bot/text/proof"
)

// Checks finds what is wrong with a draft, text by text. It never changes once
// made and may be shared.
type Checks struct {
	proof map[string]*proof.Checker
}

// NewChecks makes the checkers of every language that can be proofread.
func NewChecks() (*Checks, error) {
	c := &Checks{proof: map[string]*proof.Checker{}}
	for _, lang := range proof.Languages() {
		checker, err := proof.New(lang)
		if err != nil {
			return nil, fmt.Errorf("make checks: %w", err)
		}
		c.proof[lang] = checker
	}
	return c, nil
}

// Finding is one thing found, in the text of an account or in all of them.
type Finding struct {
	Account string // "" for the base text
	Proof   *proof.Problem
	Measure *measure.Problem
	Link    string // an address that does not answer
	Reason  string // of Link
	Echo    *Echo
	Notice  *Notice // of the pictures
}

// Error says that the post must not leave like this.
func (f Finding) Error() bool {
	switch {
	case f.Proof != nil:
		return f.Proof.Level == proof.Error
	case f.Measure != nil:
		return f.Measure.Level == measure.Error
	case f.Echo != nil:
		return false // a person judges whether it is too much
	case f.Notice != nil:
		return f.Notice.Wrong
	}
	return true
}

// Fixable says that Fixed mends it.
func (f Finding) Fixable() bool {
	switch {
	case f.Proof != nil:
		return len(f.Proof.Fixes) > 0
	case f.Measure != nil:
		return f.Measure.Check == measure.TooLong && f.Account != ""
	}
	return false
}

// Line is how one account's text stands.
type Line struct {
	Account brand.Account
	Text    string
	Count   measure.Count
	Posts   int // more than 1: a thread
	// DeadLink says that a link cannot be clicked there and words were added.
	DeadLink bool
	Findings []Finding
}

// ready says that there is nothing to say of the account but the length.
func (l Line) ready() bool {
	over, _ := l.Count.Over()
	return l.Posts <= 1 && over <= 0 && !l.DeadLink
}

// Report is everything found in a draft.
type Report struct {
	Lines    []Line
	Findings []Finding // of the base text
}

// All returns every finding.
func (r Report) All() []Finding {
	all := slices.Clone(r.Findings)
	for _, line := range r.Lines {
		all = append(all, line.Findings...)
	}
	return all
}

// Errors counts what must be mended.
func (r Report) Errors() int { return len(r.All()) - r.Hints() }

// Hints counts what is only advice.
func (r Report) Hints() int {
	n := 0
	for _, f := range r.All() {
		if !f.Error() {
			n++
		}
	}
	return n
}

// Run checks every text of the draft.
func (c *Checks) Run(b *brand.Brand, d Draft) Report {
	report := Report{Findings: c.proofread(b, d, "", d.Base)}
	if !slices.ContainsFunc(d.Accounts, func(a string) bool { _, own := d.Texts[a]; return !own }) {
		report.Findings = nil // no account uses the base text any more
	}
	for _, id := range d.Accounts {
		account, found := b.Account(id)
		if !found {
			continue
		}
		report.Lines = append(report.Lines, c.line(b, d, account))
	}
	report.Findings = append(report.Findings, awaiting(d)...)
	if d.Echo != nil {
		report.Findings = append(report.Findings, Finding{Echo: d.Echo})
	}
	for _, address := range c.Addresses(b, d) {
		if link, tried := d.Links[address]; tried && !link.OK {
			report.Findings = append(report.Findings, Finding{Link: address, Reason: link.Reason})
		}
	}
	return report
}

func (c *Checks) line(b *brand.Brand, d Draft, account brand.Account) Line {
	rules := rulesOf(account)
	line := Line{Account: account, Text: d.Text(account.ID), Posts: 1}
	if own, has := d.Texts[account.ID]; has {
		line.Findings = c.proofread(b, d, account.ID, own)
	}
	threaded := slices.Contains(d.Threads, account.ID) && threads(account)
	if threaded {
		if posts, err := measure.Split(line.Text, rules); err == nil {
			line.Posts = len(posts)
		}
	}
	final := withLinkWords(line.Text, b.MainLang(), rules)
	line.DeadLink = final != line.Text
	line.Count = measure.Length(final, rules)
	for _, p := range measure.Check(final, rules) {
		switch {
		case p.Check == measure.TooLong && line.Posts > 1, p.Check == measure.DeadLink:
			continue // it leaves as a thread; the words for the link are added
		case p.Check == measure.HashtagCase || p.Check == measure.FakeLetters:
			continue // proofreading says it, once for all networks
		case p.Check == measure.LinkCost && account.Network == byHand:
			continue // only what a program posts is charged
		}
		line.Findings = append(line.Findings, Finding{Account: account.ID, Measure: &p})
	}
	line.Findings = append(line.Findings, illustrated(account, d)...)
	return line
}

// proofread checks a text in the brand's main language, against the day on
// which it leaves.
func (c *Checks) proofread(b *brand.Brand, d Draft, account, text string) []Finding {
	checker, ok := c.proof[b.MainLang()]
	if !ok {
		return nil
	}
	var findings []Finding
	when, err := d.Slot.Time()
	if err != nil {
		when = time.Time{}
	}
	if when.IsZero() {
		when = d.At
	}
	for _, p := range checker.Check(text, proof.Context{When: when.In(b.Zone), Brand: proof.NewWords(b.Words)}) {
		findings = append(findings, Finding{Account: account, Proof: &p})
	}
	return findings
}

// Advice is what proofreading says of a text in its language on a day, in the words
// of another language.
func (c *Checks) Advice(b *brand.Brand, lang, text string, now time.Time, in string) []string {
	checker, ok := c.proof[lang]
	if !ok {
		return nil
	}
	var advice []string
	for _, p := range checker.Check(text, proof.Context{When: now.In(b.Zone), Brand: proof.NewWords(b.Words)}) {
		advice = append(advice, proof.Message(p, in))
	}
	return advice
}

// Fixed returns the draft with the first fix of every problem in place; a text
// that is too long becomes a thread where the network has threads.
func (c *Checks) Fixed(b *brand.Brand, d Draft) Draft {
	report := c.Run(b, d)
	fix := func(text string, findings []Finding) string {
		var problems []proof.Problem
		for _, f := range findings {
			if f.Proof != nil {
				problems = append(problems, *f.Proof)
			}
		}
		return proof.Apply(text, problems)
	}
	d.Base = fix(d.Base, report.Findings)
	texts := map[string]string{}
	for _, line := range report.Lines {
		if own, has := d.Texts[line.Account.ID]; has {
			texts[line.Account.ID] = fix(own, line.Findings)
		}
		if !line.Count.Fits() && threads(line.Account) && !slices.Contains(d.Threads, line.Account.ID) {
			d.Threads = append(slices.Clone(d.Threads), line.Account.ID)
		}
	}
	d.Texts = texts
	return d
}

// Parts is the draft in its final form: every account's posts, as they leave.
func (c *Checks) Parts(b *brand.Brand, d Draft) ([]content.Part, error) {
	var parts []content.Part
	for _, id := range d.Accounts {
		account, found := b.Account(id)
		if !found {
			continue
		}
		rules := rulesOf(account)
		text := withLinkWords(d.Text(id), b.MainLang(), rules)
		posts := []string{text}
		if slices.Contains(d.Threads, id) && threads(account) {
			split, err := measure.Split(text, rules)
			if err != nil {
				return nil, fmt.Errorf("split text for %s: %w", id, err)
			}
			posts = split
		}
		parts = append(parts, content.Part{
			Account: id, Network: account.Network, Posts: posts, Media: carried(account, d.Media), Lang: b.MainLang()})
	}
	return parts, nil
}

// Addresses returns the links of the draft, each once.
func (c *Checks) Addresses(b *brand.Brand, d Draft) []string {
	var addresses []string
	for _, id := range d.Accounts {
		account, _ := b.Account(id)
		text := d.Text(id)
		for _, entity := range measure.Entities(text, rulesOf(account)) {
			if entity.Kind != measure.Link {
				continue
			}
			address := text[entity.Start:entity.End]
			if strings.HasPrefix(address, "http") && !slices.Contains(addresses, address) {
				addresses = append(addresses, address)
			}
		}
	}
	return addresses
}

// byHand is the network of accounts where a person publishes.
const byHand = "assisted"

// rulesOf are the rules of the network that the account shows on.
func rulesOf(account brand.Account) measure.Rules {
	network, err := measure.Parse(cmp.Or(account.Shows, account.Network))
	if err != nil {
		network = measure.Webhook
	}
	rules, _ := measure.For(network, measure.Body)
	if account.Limit > 0 {
		rules.Limit = account.Limit
	}
	return rules
}

// threads says whether a long text may leave as several posts there.
func threads(account brand.Account) bool {
	switch cmp.Or(account.Shows, account.Network) {
	case string(measure.X), string(measure.Mastodon), string(measure.Bluesky), string(measure.Threads):
		return true
	}
	return false
}

// withLinkWords adds "link in bio" where links cannot be clicked.
func withLinkWords(text, lang string, rules measure.Rules) string {
	if rules.Network != measure.Instagram {
		return text
	}
	for _, p := range measure.Check(text, rules) {
		if p.Check == measure.DeadLink {
			words := "Link in bio."
			if lang == "fr" {
				words = "Lien en bio."
			}
			if strings.Contains(strings.ToLower(text), "lien en bio") || strings.Contains(strings.ToLower(text), "link in bio") {
				return text
			}
			return strings.TrimRight(text, " \n") + "\n\n" + words
		}
	}
	return text
}
