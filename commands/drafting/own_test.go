package drafting

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// However many networks a draft has, each one's text is on the page of exactly
// one button.
func TestEveryTextHasItsPage(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		p := catalog.For(lang, time.UTC)
		for networks := 1; networks <= 25; networks++ {
			d := Draft{}
			all := []brand.Account{{ID: "another"}} // of the brand, not of the draft
			for n := range networks {
				id := fmt.Sprint("a", n)
				all, d.Accounts = append(all, brand.Account{ID: id}), append(d.Accounts, id)
			}
			var shown, labels []string
			for _, button := range ownButtons(p, networks) {
				page := ownPage(all, d, button.Arg)
				if len(page) == 0 || len(page) > 5 {
					t.Errorf("%d networks: %d on page %q", networks, len(page), button.Arg)
				}
				for _, account := range page {
					shown = append(shown, account.ID)
				}
				if n := len([]rune(button.Label)); n > 30 || slices.Contains(labels, button.Label) {
					t.Errorf("%d networks: label %q, %d characters", networks, button.Label, n)
				}
				labels = append(labels, button.Label)
			}
			if !slices.Equal(shown, d.Accounts) {
				t.Errorf("%d networks: the pages have %s", networks, strings.Join(shown, " "))
			}
		}
	}
	some := []brand.Account{{ID: "a"}, {ID: "b"}}
	for _, page := range []string{"", "1", "-1", "x", "99999999999999999999"} { // fewer than when the card was drawn
		if got := ownPage(some, Draft{Accounts: []string{"b"}}, page); len(got) != 1 || got[0].ID != "b" {
			t.Errorf("page %q: %v", page, got)
		}
	}
	if got := ownPage(some, Draft{}, "0"); len(got) != 0 {
		t.Errorf("no network: %v", got)
	}
}
