package app

import (
	"context"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/commands/answers"
	"crieur/commands/calendar"
	"crieur/commands/digest"
	"crieur/commands/learning"
	"crieur/commands/mentions"
	"crieur/commands/review"
	"crieur/commands/rivals"
)

// sections are the brief, in the order in which people read it. Nobody leaves out what
// is not seen, what went wrong, nor a promise that ends.
func sections(heard *mentions.Engine, requests *review.Engine, posts *calendar.Engine, watched *rivals.Engine,
	learnt *learning.Engine, ready *answers.Engine,
) []digest.Section {
	return []digest.Section{
		{Name: "answer", Label: "digest.part.answer", Lines: heard.ToAnswer, Always: heard.Pressing},
		{Name: "approve", Label: "digest.part.approve", Lines: requests.Section},
		{Name: "missed", Lines: requests.Missed},
		{Name: "talk", Label: "digest.part.talk", Lines: heard.Talk},
		{Name: "posts", Label: "digest.part.posts", Lines: posts.Section, Always: posts.Troubles},
		{Name: "rivals", Label: "digest.part.rivals", Lines: competitors(watched)},
		{Name: "relay", Label: "digest.part.relay", Lines: watched.RelayLine},
		{Name: "yesterday", Label: "digest.part.yesterday", Lines: heard.Went},
		{Name: "blind", Lines: blind},
		{Name: "dead", Lines: dead},
		{Name: "answers", Label: "digest.part.answers", Lines: ready.Section},
		{Name: "topics", Label: "digest.part.topics", Lines: learnt.Section, Always: learnt.Broken},
	}
}

// competitors says what they did, and what is said of them.
func competitors(watched *rivals.Engine) digest.Lines {
	return func(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
		did, err := watched.Lines(ctx, tx, b, since, p, 3)
		if err != nil {
			return nil, err
		}
		said, err := watched.TalkLines(ctx, tx, b, since, p)
		return append(did, said...), err
	}
}

// health is the last line of a home page: what cannot be seen.
func health(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	lines, err := blind(ctx, r.Tx, r.Brand, r.Now, r.Print)
	return bot.Glance{Lines: lines}, err
}

// dead says what could not be done while nobody was there to hear of it: a line
// for each reason.
func dead(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	all, err := state.Died(ctx, tx, since, 0)
	if err != nil {
		return nil, err
	}
	refs, order := map[string][]string{}, []string{}
	for _, one := range all {
		if one.Brand != "" && one.Brand != b.ID {
			continue
		}
		var args []any
		for name, value := range one.Args {
			args = append(args, name, value)
		}
		why := p.T(one.Reason, args...)
		if refs[why] == nil {
			order = append(order, why)
		}
		refs[why] = append(refs[why], one.Ref)
	}
	var lines []string
	for _, why := range order {
		lines = append(lines, p.T("digest.dead", "Count", len(refs[why]), "Why", why, "Refs", p.List(refs[why][:min(3, len(refs[why]))]...)))
	}
	return lines, nil
}

// blind says what is read but does not answer, or not with everything: silence
// is not calm.
func blind(ctx context.Context, tx *state.Tx, b *brand.Brand, _ time.Time, p *i18n.Printer) ([]string, error) {
	all, err := poll.All(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, one := range all {
		if !one.Silent(tx.Now()) {
			continue
		}
		key := "digest.blind"
		if one.Reason == poll.Part {
			key = "digest.blindpart"
		}
		lines = append(lines, p.T(key, "Name", one.Name, "Since", p.Soon(one.Since, tx.Now())))
	}
	return lines, nil
}
