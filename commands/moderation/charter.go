package moderation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/team"
)

// CharterView is the card of a brand's charter, on the board of who asked for it.
const CharterView = "charter"

// What can be wrong with a change of the charter. Nothing changes then.
var (
	ErrChanged = errors.New("the charter was changed meanwhile")
	ErrFull    = errors.New("the charter has no room for more articles")
	ErrBlank   = errors.New("an article needs words")
)

const (
	// mostArticles leaves room in a menu for the reasons that every brand has.
	mostArticles = 20
	// longestTitle and longestArticle are characters.
	longestTitle   = 60
	longestArticle = 1000
)

// Text is the charter of a brand as it once was: every one that an admin made is
// kept. The file's own, before the first of them, is Version 0.
type Text struct {
	Brand    string          `json:"brand"`
	Version  int             `json:"version"`
	By       string          `json:"by,omitempty"`
	At       time.Time       `json:"at,omitzero"` // since when; zero of the file's
	Articles []brand.Article `json:"articles"`
}

var texts = state.Table[Text]{Kind: "charter", Schema: 1}

func textID(brand string, version int) string { return fmt.Sprintf("%s/%d", brand, version) }

// Amendment is one change of the charter: of the article of that number, or a new
// one when it is 0. Without words the article goes.
type Amendment struct {
	// Version is the charter that its author read.
	Version int
	Number  int
	// Title and Words are by language. A language that they lack keeps what it has.
	Title, Words map[string]string
}

// Amend makes a new version of a brand's charter; the one before stays as it was.
func (e *Engine) Amend(ctx context.Context, tx *state.Tx, b *brand.Brand, by string, a Amendment) error {
	overlay, err := team.Get(ctx, tx)
	if err != nil {
		return err
	}
	now := charterIn(overlay, b)
	if now.Version != a.Version || a.Number > len(now.Articles) {
		return ErrChanged
	}
	if now.Version == 0 && len(now.Articles) > 0 {
		if err := keepText(ctx, tx, Text{Brand: b.ID, Articles: now.Articles}); err != nil {
			return err
		}
	}
	now.Version++
	if now.Articles, err = a.apply(now.Articles, tx.NewID("a")); err != nil {
		return err
	}
	if err := keepText(ctx, tx, Text{Brand: b.ID, Version: now.Version, By: by, At: tx.Now().UTC(), Articles: now.Articles}); err != nil {
		return err
	}
	tx.Log(audit.Entry{Who: by, What: "charter.changed", Brand: b.ID, Subject: texts.Key(textID(b.ID, now.Version)).String()})
	if err := team.Put(ctx, tx, overlay.WithCharter(now)); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, CharterView, b.ID)
}

// charter is a brand's charter of today as it is kept: another process may have
// changed it a moment ago.
func charter(ctx context.Context, tx *state.Tx, b *brand.Brand) (team.Charter, error) {
	overlay, err := team.Get(ctx, tx)
	return charterIn(overlay, b), err
}

// charterIn is the charter that was learnt, or as the file has it.
func charterIn(overlay team.Overlay, b *brand.Brand) team.Charter {
	if known, found := overlay.CharterOf(b.ID); found {
		return known
	}
	return team.Charter{Brand: b.ID, Articles: b.Charter}
}

func keepText(ctx context.Context, tx *state.Tx, text Text) error {
	id := textID(text.Brand, text.Version)
	if _, _, err := texts.Get(ctx, tx, id); err != nil {
		return err
	}
	return texts.Put(tx, id, text)
}

// apply is the articles after the amendment; pure. fresh is the ID of a new one.
func (a Amendment) apply(articles []brand.Article, fresh string) ([]brand.Article, error) {
	articles = slices.Clone(articles)
	blank := !slices.ContainsFunc(slices.Collect(maps.Values(a.Words)), func(words string) bool { return strings.TrimSpace(words) != "" })
	switch {
	case a.Number == 0 && blank:
		return nil, ErrBlank
	case a.Number == 0 && len(articles) >= mostArticles:
		return nil, ErrFull
	case a.Number == 0:
		return append(articles, brand.Article{ID: fresh, Title: a.Title, Text: a.Words}), nil
	case blank:
		return slices.Delete(articles, a.Number-1, a.Number), nil
	}
	changed := &articles[a.Number-1]
	changed.Title, changed.Text = merged(changed.Title, a.Title), merged(changed.Text, a.Words)
	return articles, nil
}

// merged is what is said by language after some of it was said anew.
func merged(old, anew map[string]string) map[string]string {
	all := maps.Clone(old)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, anew)
	return all
}

// before are the texts of a charter up to now, the newest first, at most so many.
func before(ctx context.Context, tx *state.Tx, now team.Charter, most int) ([]Text, error) {
	var ids []string
	for version := now.Version; version >= 0 && len(ids) < most; version-- {
		ids = append(ids, textID(now.Brand, version))
	}
	return texts.Peek(ctx, tx, ids...)
}
