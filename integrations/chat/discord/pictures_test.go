package discord

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/outbox"
	"crieur/integrations/chat/discord/discordfake"
)

// keep puts pictures into a store and returns the blocks that show them.
func keep(t testing.TB, files *contenttest.Files, pictures ...[]byte) []bot.Block {
	t.Helper()
	var blocks []bot.Block
	for i, data := range pictures {
		digest, err := files.Put(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		blocks = append(blocks, bot.Block{Kind: bot.Picture, File: digest, Alt: fmt.Sprint("boîte ", i+1)})
	}
	return blocks
}

// png is a picture of a size; seed tells it from others.
func png(seed string, size int) []byte {
	data := append(contenttest.PNG(), seed...)
	return append(data, make([]byte, max(0, size-len(data)))...)
}

func illustrated(title string, blocks ...bot.Block) bot.Card {
	card := simple()
	card.Title, card.Blocks = bot.Say(title), blocks
	return card
}

// sees fails unless a message shows these pictures, bytes and words.
func sees(t *testing.T, m discordfake.Message, pictures ...[]byte) {
	t.Helper()
	if len(m.Pictures) != len(pictures) {
		t.Fatalf("%q shows %d pictures, want %d", m.Plain(), len(m.Pictures), len(pictures))
	}
	for i, p := range m.Pictures {
		if !bytes.Equal(p.Data, pictures[i]) || p.Alt != fmt.Sprint("boîte ", i+1) {
			t.Errorf("picture %d: %d bytes of %s, %q", i+1, len(p.Data), p.URL, p.Alt)
		}
	}
}

func TestPicturesOfACard(t *testing.T) {
	var files contenttest.Files
	red, blue := png("red", 0), png("blue", 0)
	p := newPair(t, tune{chat: Options{Files: &files}, fake: discordfake.Options{Unlimited: true}})
	blocks := keep(t, &files, red, blue)
	for _, place := range []board.Place{com(), {Platform: "discord", Team: "G", Channel: "@111"}} {
		place, err := p.chat.Post(t.Context(), place, illustrated("Une", blocks[0]), bot.PostOptions{Nonce: place.Channel})
		if err != nil {
			t.Fatal(err)
		}
		shown := func() discordfake.Message {
			m, _ := p.fake.Message(place.Message)
			return m
		}
		sees(t, shown(), red)
		first := pathOf(shown().Pictures[0].URL)
		for _, step := range []struct {
			card  bot.Card
			want  [][]byte
			stays bool // the first picture is not sent again
		}{
			{illustrated("La même", blocks[0]), [][]byte{red}, true},
			{illustrated("Deux", blocks...), [][]byte{red, blue}, true},
			{illustrated("Aucune", bot.P("sans")), nil, false},
			{illustrated("De retour", blocks...), [][]byte{red, blue}, false},
		} {
			if err := p.chat.Edit(t.Context(), place, step.card); err != nil {
				t.Fatal(err)
			}
			sees(t, shown(), step.want...)
			if m := shown(); len(m.Files) != len(step.want) || !strings.Contains(m.Plain(), step.card.Title.String()) {
				t.Errorf("%s: %d files, %q", step.card.Title, len(m.Files), m.Plain())
			}
			if step.stays && pathOf(shown().Pictures[0].URL) != first {
				t.Errorf("%s: a picture that was there was sent again", step.card.Title)
			}
		}
	}
}

func pathOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}

// TestPicturesStayWhileWorking: Discord removes the files of an updated message
// unless it is told to keep them.
func TestPicturesStayWhileWorking(t *testing.T) {
	var files contenttest.Files
	red := png("red", 0)
	p := newPair(t, tune{chat: Options{Files: &files}})
	p.set(func(d *desk) { d.acks["review.approve"] = bot.Busy })
	card := illustrated("À valider", keep(t, &files, red)...)
	place, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.fake.Click("111", place.Message, "Valider les 3"); got.Response != 7 {
		t.Fatalf("answered by %+v", got)
	}
	m, _ := p.fake.Message(place.Message)
	sees(t, m, red)
	if len(m.Buttons) != 0 || len(m.Files) != 1 {
		t.Errorf("while working: %v, %d files", m.Labels(), len(m.Files))
	}
	if err := p.chat.Edit(t.Context(), place, card); err != nil {
		t.Fatal(err)
	}
	m, _ = p.fake.Message(place.Message)
	sees(t, m, red)
}

// TestAnotherProcessEdits: who does not know what a message has sends it again.
func TestAnotherProcessEdits(t *testing.T) {
	var files contenttest.Files
	red := png("red", 0)
	p := newPair(t, tune{chat: Options{Files: &files}})
	card := illustrated("À valider", keep(t, &files, red)...)
	place, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, known := range map[string]map[string]string{"nothing known": nil, "known wrongly": {p.chat.pictures(t.Context(), card)[card.Blocks[0].File].name: "12345"}} {
		p.chat.attached.put(place.Message, known)
		if err := p.chat.Edit(t.Context(), place, card); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m, _ := p.fake.Message(place.Message)
		sees(t, m, red)
		if len(m.Files) != 1 {
			t.Errorf("%s: %d files", name, len(m.Files))
		}
	}
}

func TestPicturesOfAnswers(t *testing.T) {
	for name, ack := range map[string]bot.Ack{"thinking": bot.Wait, "quiet": bot.Quiet} {
		t.Run(name, func(t *testing.T) {
			var files contenttest.Files
			red := png("red", 0)
			p := newPair(t, tune{chat: Options{Files: &files}})
			p.set(func(d *desk) { d.acks["draft"] = ack })
			p.fake.Command("111", "C", "draft", "")
			handle := p.nth(t, 0).Reply
			p.chat.Stop() // the acknowledgement is over
			if err := p.chat.Answer(t.Context(), handle, illustrated("Brouillon", keep(t, &files, red)...)); err != nil {
				t.Fatal(err)
			}
			private := p.fake.Ephemerals("111")
			if len(private) == 0 {
				t.Fatal("no answer")
			}
			sees(t, private[len(private)-1], red)
		})
	}
}

// TestPicturesByTheirWords: nothing about a picture keeps a card from being seen.
func TestPicturesByTheirWords(t *testing.T) {
	var files contenttest.Files
	red := keep(t, &files, png("red", 0))
	odd := keep(t, &files, []byte("<svg onload='alert(1)'/>"))
	lost := []bot.Block{{Kind: bot.Picture, File: content.Digest(nil), Alt: "boîte 1"}}
	for name, row := range map[string]struct {
		files  content.Files
		blocks []bot.Block
		lang   string
		deny   int64
		fault  discordfake.Fault
		want   string
	}{
		"no store":        {blocks: red, lang: "fr", want: "Visuel\u00a0: boîte 1"},
		"not there":       {files: &files, blocks: lost, lang: "fr", want: "Visuel\u00a0: boîte 1"},
		"no picture":      {files: &files, blocks: odd, lang: "en", want: "Image: boîte 1"},
		"other bytes":     {files: swapped{&files}, blocks: red, lang: "fr", want: "Visuel\u00a0: boîte 1"},
		"without words":   {blocks: []bot.Block{{Kind: bot.Picture, File: "00"}}, lang: "fr", want: "Visuel"},
		"no permission":   {files: &files, blocks: red, lang: "fr", deny: discordfake.AttachFiles, want: "Visuel\u00a0: boîte 1"},
		"too large there": {files: &files, blocks: red, lang: "fr", fault: discordfake.Fault{Status: 413, Code: 40005}, want: "Visuel\u00a0: boîte 1"},
		"refused":         {files: &files, blocks: red, lang: "fr", fault: discordfake.Fault{Status: 400, Code: 50035}, want: "Visuel\u00a0: boîte 1"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, tune{chat: Options{Files: row.files}})
			p.fake.Deny("C", row.deny)
			if row.fault.Status != 0 {
				p.fake.Inject(row.fault)
			}
			card := illustrated("À valider", row.blocks...)
			card.Lang = row.lang
			place, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{Nonce: "n"})
			if err != nil {
				t.Fatal(err)
			}
			if row.fault.Status != 0 {
				p.fake.Inject(row.fault)
			}
			for _, said := range []string{"posted", "edited"} {
				m, _ := p.fake.Message(place.Message)
				if !slices.Contains(strings.Split(m.Plain(), "\n"), row.want) || len(m.Pictures)+len(m.Files) != 0 {
					t.Errorf("%s: %q with %d pictures", said, m.Plain(), len(m.Pictures))
				}
				if err := p.chat.Edit(t.Context(), place, card); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// swapped is a store whose bytes were exchanged.
type swapped struct{ content.Files }

func (s swapped) Open(ctx context.Context, _ string) (io.ReadCloser, error) {
	digest, err := s.Put(ctx, png("other", 0))
	if err != nil {
		return nil, err
	}
	return s.Files.Open(ctx, digest)
}

// TestSlowPictures: a picture that a slow line does not bring in time is shown
// by its words in the end.
func TestSlowPictures(t *testing.T) {
	var files contenttest.Files
	bubble(t, tune{chat: Options{Files: &files}}, func(t *testing.T, p *pair) {
		card := illustrated("À valider", keep(t, &files, png("red", 0))...)
		p.fake.Inject(discordfake.Fault{Method: "POST", Path: "/messages", Delay: 2 * callTimeout, DropBefore: true, Times: maxSlow})
		for try := range maxSlow {
			if _, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{Nonce: "n"}); outbox.FaultOf(err) != outbox.Ambiguous || !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("try %d: %v", try+1, err)
			}
		}
		place, err := p.chat.Post(t.Context(), com(), card, bot.PostOptions{Nonce: "n"})
		if err != nil {
			t.Fatal(err)
		}
		if m, _ := p.fake.Message(place.Message); len(m.Pictures) != 0 || !strings.Contains(m.Plain(), "boîte 1") {
			t.Errorf("in the end: %q with %d pictures", m.Plain(), len(m.Pictures))
		}
		time.Sleep(2 * callTimeout) // the calls that were given up end
	})
}

// TestManyPictures: more than a request carries go on in further messages; the
// same picture twice is one file.
func TestManyPictures(t *testing.T) {
	var files contenttest.Files
	large := func(seed string) []byte { return png(seed, content.MaxFile) }
	for name, row := range map[string]struct {
		pictures [][]byte
		shown    []int // in each message
		sent     []int
	}{
		"as much as goes": {[][]byte{large("1"), large("2"), large("3")}, []int{3}, []int{3}},
		"too much":        {[][]byte{large("1"), large("2"), large("3"), large("4")}, []int{3, 1}, []int{3, 1}},
		"twice":           {[][]byte{png("1", 0), png("1", 0)}, []int{2}, []int{1}},
	} {
		c := &Chat{opts: Options{Files: &files, AppID: "1"}.filled(), slow: newKept[int](2), log: Options{}.filled().Logger}
		card := illustrated("Beaucoup", keep(t, &files, row.pictures...)...)
		r := testRenderer(t)
		r.pictures = c.pictures(t.Context(), card)
		s := r.card("G", card)
		valid(t, s)
		staysValid(t, s)
		var shown, sent []int
		for _, m := range append([]message{s.message}, s.parts...) {
			elements := 0
			for _, f := range m.files {
				elements += strings.Count(fmt.Sprintf("%+v", m.components), "attachment://"+f.name)
			}
			shown, sent = append(shown, elements), append(sent, len(m.files))
		}
		if !slices.Equal(shown, row.shown) || !slices.Equal(sent, row.sent) {
			t.Errorf("%s: %v shown of %v sent", name, shown, sent)
		}
	}
}
