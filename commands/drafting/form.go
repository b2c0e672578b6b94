package drafting

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/content"
)

const author = brand.Author

// longest is the longest text of a form, the common minimum of the platforms.
const longest = 3000

// newForm starts a draft; a button may name the time that it is for.
func (c *Chat) newForm(_ context.Context, r *bot.Request) (bot.Form, error) {
	d := Draft{}
	if at, err := bot.ArgTime(r.Arg, r.Brand.Zone); err == nil && at.After(r.Now) {
		d.Slot = content.SlotAt(at)
	}
	for _, account := range r.Brand.Accounts {
		d.Accounts = append(d.Accounts, account.ID)
	}
	form := draftForm(r, d)
	form.Action, form.Title = "draft.new", r.Print.T("drafting.form.new")
	return form, nil
}

func (c *Chat) editForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	d, err := c.Engine.own(ctx, r.Tx, r.Subject, r.Member.ID)
	if err != nil {
		return bot.Form{}, explain(r, err)
	}
	if err := fits(r, d.Base); err != nil {
		return bot.Form{}, err
	}
	form := draftForm(r, d)
	form.Action, form.Token = "draft.save", r.Token
	return form, nil
}

func draftForm(r *bot.Request, d Draft) bot.Form {
	p := r.Print
	form := bot.Form{
		Title: p.T("drafting.form.edit"), Submit: p.T("drafting.form.save"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{
			{ID: "text", Kind: bot.Area, Label: p.T("drafting.form.text"), Value: values(d.Base), Max: longest},
			{ID: "title", Kind: bot.Line, Label: p.T("drafting.form.title"), Value: values(d.Title), Optional: true, Max: 75},
			{ID: "accounts", Kind: bot.PickMany, Label: p.T("drafting.form.accounts"), Value: d.Accounts, Choices: accounts(r)},
			{ID: "day", Kind: bot.Date, Label: p.T("drafting.form.day"), Hint: p.T("drafting.form.dayhint"), Optional: true},
			{ID: "clock", Kind: bot.Clock, Label: p.T("drafting.form.clock"), Hint: bot.ZoneHint(p, r.Brand.Zone, r.Now), Optional: true},
		},
	}
	form.Fields[2] = form.Fields[2].Bounded(p)
	if at, err := d.Slot.Time(); err == nil && !at.IsZero() {
		form.Fields[3].Value = values(at.In(r.Brand.Zone).Format("2006-01-02"))
		form.Fields[4].Value = values(at.In(r.Brand.Zone).Format("15:04"))
	}
	return form
}

// accounts are the brand's, to choose from.
func accounts(r *bot.Request) (all []bot.Choice) {
	for _, account := range r.Brand.Accounts {
		all = append(all, bot.Choice{Value: account.ID, Label: bot.Clip(account.Name, 75)})
	}
	return all
}

// fits refuses a form that could not hold the text whole: a platform would not
// open it, or would cut it.
func fits(r *bot.Request, text string) error {
	if length := utf8.RuneCountInString(text); length > longest {
		return bot.Refuse(r.Print.T("drafting.form.long", "Count", length, "Limit", longest))
	}
	return nil
}

func values(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// mostOwn is how many texts one form edits: a form takes five fields.
const mostOwn = 5

// ownForm edits the texts that single networks have of their own, the page of
// them that the button names.
func (c *Chat) ownForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	d, err := c.Engine.own(ctx, r.Tx, r.Subject, r.Member.ID)
	if err != nil {
		return bot.Form{}, explain(r, err)
	}
	p := r.Print
	form := bot.Form{
		Action: "draft.ownsave", Token: r.Token, Title: p.T("drafting.form.each"),
		Submit: p.T("drafting.form.save"), Cancel: p.T("chat.cancel"), Intro: p.T("drafting.form.eachintro"),
	}
	for _, account := range ownPage(r.Brand.Accounts, d, r.Arg) {
		if err := fits(r, d.Text(account.ID)); err != nil {
			return bot.Form{}, err
		}
		form.Fields = append(form.Fields, bot.Field{
			ID: "text-" + account.ID, Kind: bot.Area, Label: p.T("drafting.form.own", "Account", account.Name),
			Value: values(d.Text(account.ID)), Optional: true, Max: longest})
	}
	return form, nil
}

// ownPage are the accounts of a draft whose texts are on a page, from "" or "0";
// the first where there is no such page any more.
func ownPage(all []brand.Account, d Draft, page string) []brand.Account {
	accounts := slices.DeleteFunc(slices.Clone(all), func(a brand.Account) bool { return !slices.Contains(d.Accounts, a.ID) })
	number, err := strconv.Atoi(page)
	if from := number * mostOwn; err == nil && from > 0 && from < len(accounts) {
		accounts = accounts[from:]
	}
	return accounts[:min(mostOwn, len(accounts))]
}

// checkForm finds what the form itself can tell, before anything is stored.
func (c *Chat) checkForm(_ context.Context, r *bot.Request) (map[string]string, error) {
	problems := map[string]string{}
	change, err := changeOf(r)
	var refusal *bot.Refusal
	if errors.As(err, &refusal) {
		problems["day"] = refusal.Card.Text()
		return problems, nil
	}
	if err != nil {
		return nil, err
	}
	if blank(r.Value("text")) {
		problems["text"] = r.Print.T("drafting.empty")
	}
	if slices.ContainsFunc(change.Accounts, func(a string) bool { _, known := r.Brand.Account(a); return !known }) {
		problems["accounts"] = nonetwork(r)
	}
	if at, err := change.Slot.Time(); err == nil && !at.IsZero() && !at.After(r.Now) {
		problems["clock"] = r.Print.T("drafting.past")
	}
	return problems, nil
}

// pictureForm asks for one picture and what it shows.
func (c *Chat) pictureForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	d, err := c.Engine.own(ctx, r.Tx, r.Subject, r.Member.ID)
	if err == nil && len(d.Media) >= MostPictures {
		err = ErrPictures
	}
	if err != nil {
		return bot.Form{}, explain(r, err)
	}
	p := r.Print
	return bot.Form{
		Action: "draft.attach", Token: r.Token, Title: p.T("drafting.picture.add"),
		Submit: p.T("drafting.form.save"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{
			{ID: "picture", Kind: bot.File, Label: p.T("drafting.picture.file"), Hint: p.T("drafting.picture.filehint")},
			{ID: "alt", Kind: bot.Area, Label: p.T("drafting.picture.alt"), Hint: p.T("drafting.picture.althint"), Max: longestAlt},
		},
	}, nil
}

// checkPicture refuses what is seen to be too large before it is fetched.
func (c *Chat) checkPicture(_ context.Context, r *bot.Request) (map[string]string, error) {
	problems := map[string]string{}
	switch {
	case len(r.Files) == 0:
		problems["picture"] = r.Print.T("drafting.picture.nofile")
	case r.Files[0].Size > content.MaxFile:
		problems["picture"] = r.Print.T("drafting.picture.big", "Name", r.Files[0].Name, "Most", content.MaxFile>>20)
	}
	if blank(r.Value("alt")) {
		problems["alt"] = r.Print.T("drafting.picture.noalt")
	}
	return problems, nil
}

// describeForm changes what the pictures are said to show, and takes some off: a
// field each, and one for all.
func (c *Chat) describeForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	d, err := c.Engine.own(ctx, r.Tx, r.Subject, r.Member.ID)
	if err != nil {
		return bot.Form{}, explain(r, err)
	}
	p := r.Print
	if len(d.Media) == 0 {
		return bot.Form{}, bot.Refuse(p.T("drafting.picture.none"))
	}
	form := bot.Form{
		Action: "draft.described", Token: r.Token, Title: p.T("drafting.picture.change"),
		Submit: p.T("drafting.form.save"), Cancel: p.T("chat.cancel"),
	}
	off := bot.Field{ID: "off", Kind: bot.PickMany, Label: p.T("drafting.picture.off"), Hint: p.T("drafting.picture.offhint"), Optional: true}
	for i, m := range d.Media {
		named := p.T("drafting.picture.named", "Number", i+1, "Name", m.Name)
		off.Choices = append(off.Choices, bot.Choice{Value: m.Digest, Label: bot.Clip(named, 75)})
		form.Fields = append(form.Fields, bot.Field{ID: altField + m.Digest[:digestStart], Kind: bot.Area,
			Label: p.T("drafting.picture.altof", "Number", i+1), Hint: bot.Clip(m.Name, 75), Value: values(m.Alt), Max: longestAlt})
	}
	form.Fields = append(form.Fields, off)
	return form, nil
}

// altField begins the ID of the field that describes a picture; the start of its
// digest follows.
const altField = "alt-"
