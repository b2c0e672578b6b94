package discord

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/outbox"
	"crieur/integrations/chat/discord/discordfake"
)

// attaching is a form with a picture, which the desk opens for "draft".
func attaching() bot.Form {
	return bot.Form{Action: "draft.attach", Token: "tok", Title: "Ajouter un visuel", Fields: []bot.Field{
		{ID: "picture", Kind: bot.File, Label: "Visuel"}, {ID: "alt", Kind: bot.Area, Label: "Texte alternatif"}}}
}

func uploading(t *testing.T, o tune) *pair {
	p := newPair(t, o)
	p.set(func(d *desk) { d.acks["draft"], d.forms["draft"] = bot.Open, attaching() })
	return p
}

func (p *pair) upload(t *testing.T, name string, data []byte) bot.Event {
	t.Helper()
	p.fake.AddFile(name, data)
	opened := p.fake.Command("111", "C", "draft", "")
	if opened.Response != 9 {
		t.Fatalf("opened %+v", opened)
	}
	before := len(p.all())
	sent := p.fake.SubmitModal("111", map[string]string{"Visuel": name, "alt": "une boîte rouge"})
	if sent.Err != nil || sent.Response != 5 {
		t.Fatalf("sent %+v", sent)
	}
	return p.nth(t, before)
}

// TestUpload goes from a file in a form to its bytes.
func TestUpload(t *testing.T) {
	clock := &hand{at: time.Now()}
	p := uploading(t, tune{fake: discordfake.Options{Now: clock.now}, chat: Options{Now: clock.now}})
	data := png("boite", 5000)
	e := p.upload(t, "boîte rouge.png", data)
	if len(e.Files) != 1 || !slices.Equal(e.Values["picture"], []string{e.Files[0].Ref}) || e.Values["alt"][0] != "une boîte rouge" {
		t.Fatalf("values %v, files %v", e.Values, e.Files)
	}
	file := e.Files[0]
	if file.Name != "boîte_rouge.png" || file.Type != "image/png" || file.Size != 5000 {
		t.Errorf("file %+v", file)
	}
	for most, want := range map[int64]int{5000: 5000, 6000: 5000, 4999: 5000, 100: 101} {
		got, err := p.chat.Fetch(t.Context(), "G", file, most)
		if err != nil || !bytes.Equal(got, data[:want]) {
			t.Errorf("at most %d: %d bytes, %v", most, len(got), err)
		}
	}
	clock.move(25 * time.Hour)
	_, err := p.chat.Fetch(t.Context(), "G", file, 5000)
	if !errors.Is(err, outbox.ErrGone) || reasonOf(err) != "discord.upload.gone" {
		t.Errorf("an address that is too old: %v", err)
	}
}

func reasonOf(err error) string {
	var e *outbox.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func TestUploadsThatFail(t *testing.T) {
	for name, row := range map[string]struct {
		fault discordfake.Fault
		want  outbox.Fault
		after time.Duration
	}{
		"no answer":      {discordfake.Fault{DropBefore: true}, outbox.Temporary, 0},
		"cut":            {discordfake.Fault{DropAfter: true}, outbox.Temporary, 0},
		"500":            {discordfake.Fault{Status: 503}, outbox.Temporary, 0},
		"429":            {discordfake.Fault{Status: 429, RetryAfter: 3}, outbox.Limited, time.Second},
		"403":            {discordfake.Fault{Status: 403}, outbox.Gone, 0},
		"404":            {discordfake.Fault{Status: 404}, outbox.Gone, 0},
		"somewhere else": {discordfake.Fault{Status: 302}, outbox.Rejected, 0},
		"nothing":        {discordfake.Fault{Status: 204}, outbox.Rejected, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := uploading(t, tune{})
			file := p.upload(t, "a.png", png("a", 0)).Files[0]
			row.fault.Path, row.fault.Times = "attachments", 10 // the client tries a broken connection again
			p.fake.Inject(row.fault)
			_, err := p.chat.Fetch(t.Context(), "G", file, 1000)
			var e *outbox.Error
			if !errors.As(err, &e) || e.Fault != row.want || e.After != row.after {
				t.Errorf("%v", err)
			}
			if text := p.Say(bot.Event{User: bot.User{Locale: "fr"}}, reasonOf(err)); text == reasonOf(err) || text == "" {
				t.Errorf("no words for %q", reasonOf(err))
			}
		})
	}
}

// TestFetchStaysAtHome: an address that comes back from where it was stored is
// never called unless it is Discord's.
func TestFetchStaysAtHome(t *testing.T) {
	called := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called++ }))
	defer elsewhere.Close()
	p := newPair(t, tune{})
	home := strings.TrimSuffix(p.fake.APIURL(), "/api/v10")
	for _, ref := range []string{"", "9", "x\x7f:", elsewhere.URL, elsewhere.URL + "/cdn.discordapp.com/a.png",
		strings.Replace(home, "http://", "http://u:p@", 1), strings.Replace(home, "http:", "https:", 1), strings.Replace(home, "http:", "ftp:", 1),
		"http://cdn.discordapp.com/a.png", "https://cdn.discordapp.com.evil.example/a.png", "https://evil.example#cdn.discordapp.com",
		"https://cdn.discordapp.com:8443/a.png", "https://cdn.discordapp.com@evil.example/a.png", "https://169.254.169.254/", "file:///etc/passwd",
		"//cdn.discordapp.com/a.png"} {
		if _, err := p.chat.Fetch(t.Context(), "G", bot.Upload{Ref: ref, Name: "a.png"}, 10); outbox.FaultOf(err) != outbox.Rejected || !errors.Is(err, errForeign) {
			t.Errorf("%q: %v", ref, err)
		}
	}
	if called > 0 {
		t.Error("another host was called")
	}
	for _, ref := range []string{"https://cdn.discordapp.com/ephemeral-attachments/1/2/a.png?ex=1&hm=2", "https://media.discordapp.net/attachments/1/2/a.png", home + "/attachments/1/2/a.png"} {
		if address, err := p.chat.hosted(ref); err != nil || address != ref {
			t.Errorf("%q: %v", ref, err)
		}
	}
}

// TestRedirectsAreNotFollowed not even to Discord: it never sends any.
func TestRedirectsAreNotFollowed(t *testing.T) {
	followed := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		followed = followed || r.URL.Path != "/a.png"
		http.Redirect(w, r, "/b.png", http.StatusFound)
	}))
	defer server.Close()
	p := newPair(t, tune{})
	p.chat.opts.APIURL = server.URL
	_, err := p.chat.Fetch(t.Context(), "G", bot.Upload{Ref: server.URL + "/a.png"}, 10)
	if outbox.FaultOf(err) != outbox.Rejected || followed {
		t.Errorf("%v, followed %v", err, followed)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.chat.Fetch(ended, "G", bot.Upload{Ref: server.URL + "/a.png"}, 10); outbox.FaultOf(err) != outbox.Temporary {
		t.Errorf("given up: %v", err)
	}
}

// TestRefusedUpload: a form that is refused says that its picture has to be
// added again, and never shows the address.
func TestRefusedUpload(t *testing.T) {
	p := uploading(t, tune{})
	p.set(func(d *desk) { d.wrong = map[string]string{"alt": "À remplir."} })
	p.fake.AddFile("a.png", png("a", 0))
	p.fake.Command("111", "C", "draft", "")
	sent := p.fake.SubmitModal("111", map[string]string{"Visuel": "a.png", "alt": "une boîte rouge sur une table"})
	if sent.Message == nil {
		t.Fatalf("%+v", sent)
	}
	plain := sent.Message.Plain()
	for text, want := range map[string]bool{"Texte alternatif · À remplir.": true, "à joindre de nouveau": true, "une boîte rouge sur une table": true, "http": false} {
		if strings.Contains(plain, text) != want {
			t.Errorf("%q in %q", text, plain)
		}
	}
	again := p.fake.Click("111", sent.Message.ID, "Corriger le formulaire")
	if again.Modal == nil || again.Modal.Fields[1].Value != "une boîte rouge sur une table" {
		t.Fatalf("opened again %+v", again.Modal)
	}
	p.set(func(d *desk) { d.wrong = nil })
	if left := p.fake.SubmitModal("111", nil); left.Err == nil {
		t.Error("a required picture could be left out")
	}
	for _, name := range []string{"a.svg", "b.png", "a.png|a.png"} {
		p.fake.AddFile("a.svg", []byte("<svg/>"))
		if odd := p.fake.SubmitModal("111", map[string]string{"Visuel": name}); odd.Err == nil {
			t.Errorf("%q could be sent", name)
		}
	}
	if sent := p.fake.SubmitModal("111", map[string]string{"Visuel": "a.png"}); sent.Err != nil {
		t.Error(sent.Err)
	}
	if e := p.nth(t, 0); len(e.Files) != 1 {
		t.Errorf("in the end %+v", e)
	}
}

// FuzzHosted: whatever is let through is called at Discord.
func FuzzHosted(f *testing.F) {
	for _, ref := range []string{"https://cdn.discordapp.com/a.png?ex=1", "http://cdn.discordapp.com", "https://cdn.discordapp.com@evil.example", "//x", "https://a.example/api"} {
		f.Add(ref)
	}
	c := &Chat{opts: Options{APIURL: "http://127.0.0.1:9/api/v10"}}
	f.Fuzz(func(t *testing.T, ref string) {
		address, err := c.hosted(ref)
		if err != nil {
			return
		}
		request, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if where := request.URL.Scheme + "://" + request.URL.Host; !slices.Contains([]string{"https://cdn.discordapp.com", "https://media.discordapp.net", "http://127.0.0.1:9"}, where) {
			t.Errorf("%q is called at %s", ref, where)
		}
	})
}
