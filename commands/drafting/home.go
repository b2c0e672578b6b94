package drafting

import (
	"context"

	"crieur/bot"
)

// Home shows the author's drafts on their home page.
func (c *Chat) Home(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	if !r.Member.Can(author) {
		return bot.Glance{}, nil
	}
	const most = 100
	drafts, err := c.Engine.Mine(ctx, r.Tx, r.Member.ID, most)
	if err != nil {
		return bot.Glance{}, err
	}
	look := bot.Glance{Buttons: []bot.Button{{Action: "draft.start", Label: r.Print.T("drafting.start")}}}
	private := 0
	for _, d := range drafts {
		if d.Stage != Private {
			continue
		}
		if private++; private == 1 {
			look.Lines = []string{d.Title}
		}
	}
	if private > 0 {
		look.Lines = []string{r.Print.T("drafting.home", "Count", private, "Title", look.Lines[0])}
		look.Buttons = append(look.Buttons, bot.Button{Action: "draft.mine", Label: r.Print.T("drafting.minebutton")})
	}
	return look, nil
}

// Status says how the model answered last, for the status of everything.
func (c *Chat) Status(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	if !c.Engine.Words {
		return bot.Glance{}, nil
	}
	last, found, err := model.Get(ctx, r.Tx, theModel)
	if err != nil {
		return bot.Glance{}, err
	}
	line := r.Print.T("drafting.words.untried")
	switch {
	case found && last.OK:
		line = r.Print.T("drafting.words.up", "When", r.Print.Ago(last.At, r.Now))
	case found:
		line = r.Print.T("drafting.words.down", "When", r.Print.Ago(last.At, r.Now))
	}
	return bot.Glance{Lines: []string{line}}, nil
}
