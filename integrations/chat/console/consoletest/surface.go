// Package consoletest plays scripts of conversations (package bottest) on the
// browser workspace: the real console behind a real address, and people at it
// who have no browser but do what its pages do. They load a page, keep its
// WebSocket, put what comes where it belongs, read what is on screen, and act
// by the operations of the page's own scripts (static/*.js).
//
// It does not know what is behind the console. It plays no tour: a page that
// has to load anew ends the test.
package consoletest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"crieur/bot/bottest"
	"crieur/integrations/chat/console"

	"github.com/PuerkitoBio/goquery"
)

// Surface is bottest.Surface over a console. People and channels go by their
// IDs; "@camille" is Camille's conversation with Crieur.
type Surface struct {
	t      testing.TB
	server *httptest.Server

	mu    sync.Mutex
	tabs  map[[2]string]*tab // by person and pane
	forms map[string]*form   // the dialog before a person
	notes map[string][]string
}

var _ bottest.Surface = (*Surface)(nil)

// errSilent is an operation that failed without a word to the person.
var errSilent = errors.New("it failed, and nobody was told why")

// Serve serves the workspace, which must have been started, until the test
// ends.
func Serve(t testing.TB, c *console.Console) *Surface {
	t.Helper()
	s := &Surface{
		t: t, server: httptest.NewServer(c.Handler()),
		tabs: map[[2]string]*tab{}, forms: map[string]*form{}, notes: map[string][]string{},
	}
	t.Cleanup(s.server.Close)
	return s
}

// at is the person's page of a channel, opened when it is first needed.
func (s *Surface) at(user, channel string) (*tab, error) {
	pane := channel
	if channel == "@"+user {
		pane = console.Direct
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := [2]string{user, pane}
	if open, found := s.tabs[at]; found {
		return open, nil
	}
	opened, err := s.open(user, pane)
	if err == nil {
		s.tabs[at] = opened
	}
	return opened, err
}

func (s *Surface) load(user, pane string) (*goquery.Document, error) {
	response, err := s.server.Client().Get(s.server.URL + "/as/" + url.PathEscape(user) + "/" + url.PathEscape(pane))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the page of %s for %s: %s", pane, user, response.Status)
	}
	return goquery.NewDocumentFromReader(response.Body)
}

// Command implements bottest.Surface: the command is typed.
func (s *Surface) Command(user, channel, name, text string) error {
	return s.enter(user, channel, strings.TrimSpace("/"+name+" "+text))
}

// Say implements bottest.Surface.
func (s *Surface) Say(user, text string) error { return s.enter(user, "@"+user, text) }

func (s *Surface) enter(user, channel, line string) error {
	page, err := s.at(user, channel)
	if err != nil {
		return err
	}
	answer, err := page.ask(op{Kind: "say", Text: line})
	if err != nil {
		return err
	}
	return s.answered(user, page, answer)
}

// answered does what the page does with an answer.
func (s *Surface) answered(user string, page *tab, answer reply) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch answer.State {
	case "form":
		made, err := parseForm(answer.HTML, page)
		s.forms[user] = made
		return err
	case "failed":
		if answer.Text == "" {
			return errSilent
		}
		s.notes[user] = append(s.notes[user], answer.Text)
	}
	return nil
}

// Click implements bottest.Surface: there, or else in the person's conversation
// with Crieur. A question before the button acts is answered by yes.
func (s *Surface) Click(user, channel, label string) error {
	for _, where := range []string{channel, "@" + user} {
		page, err := s.at(user, where)
		if err != nil {
			return err
		}
		press, card := page.find(label)
		if card == nil {
			continue
		}
		answer, err := page.ask(press)
		if err != nil {
			return err
		}
		if answer.State == "busy" {
			page.working(card)
		}
		return s.answered(user, page, answer)
	}
	return fmt.Errorf("%s sees no %q in %s:\n%s", user, label, channel,
		strings.Join(append(s.Screen(user, channel), s.Private(user)...), "\n--\n"))
}

// Use implements bottest.Menus.
func (s *Surface) Use(user, channel, label, words string) error {
	page, err := s.at(user, channel)
	if err != nil {
		return err
	}
	ask, found := page.entry(label, words)
	if !found {
		return fmt.Errorf("no message with %q and an entry %q in %s", words, label, channel)
	}
	answer, err := page.ask(ask)
	if err != nil {
		return err
	}
	return s.answered(user, page, answer)
}

// upload sends a file for a form, as its page does as soon as it is chosen.
func (s *Surface) upload(name string, data []byte) (path string, err error) {
	ask, err := http.NewRequest(http.MethodPost, s.server.URL+"/upload?name="+url.QueryEscape(name), bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	ask.Header.Set("Origin", s.server.URL)
	response, err := http.DefaultClient.Do(ask)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("upload %s: %s: %s", name, response.Status, answer)
	}
	return string(answer), nil
}

// Submit implements bottest.Surface. Several choices have commas between.
func (s *Surface) Submit(user string, values map[string]string) error {
	s.mu.Lock()
	open := s.forms[user]
	s.mu.Unlock()
	if open == nil {
		return fmt.Errorf("no form is open for %s", user)
	}
	filled, err := open.filled(values, s.upload)
	if err != nil {
		return err
	}
	answer, err := open.page.ask(op{Kind: "submit", Form: open.id, Values: filled})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	open.wrong = nil
	switch answer.State {
	case "errors":
		for _, words := range answer.Errors {
			open.wrong = append(open.wrong, words)
		}
		slices.Sort(open.wrong)
	case "failed":
		if answer.Text == "" {
			return errSilent
		}
		open.wrong = []string{answer.Text}
	default:
		delete(s.forms, user)
	}
	return nil
}

// Dismiss closes the form before a person without sending it.
func (s *Surface) Dismiss(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.forms, user)
}

// Screen implements bottest.Surface.
func (s *Surface) Screen(user, channel string) []string {
	page, err := s.at(user, channel)
	if err != nil {
		s.t.Error(err)
		return nil
	}
	return page.shows(func(m *message) bool { return !m.alone })
}

// Private implements bottest.Surface: what is marked as seen by the person
// alone, their conversation with Crieur, what a page said of itself, and the
// form before them with what is wrong in it.
func (s *Surface) Private(user string) []string {
	if _, err := s.at(user, "@"+user); err != nil {
		s.t.Error(err)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	texts := slices.Clone(s.notes[user])
	for at, page := range s.tabs {
		if at[0] == user {
			texts = append(texts, page.shows(func(m *message) bool { return m.alone || at[1] == console.Direct })...)
		}
	}
	if open := s.forms[user]; open != nil {
		texts = append(texts, append([]string{open.sheet.String()}, open.wrong...)...)
	}
	return texts
}
