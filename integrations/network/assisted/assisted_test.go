package assisted_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/integrations/network/assisted"
)

func TestPublish(t *testing.T) {
	p := assisted.New("Instagram")
	part := content.Part{Account: "instagram", Network: "assisted", Posts: []string{"Bonjour"}}
	order := content.Order{Key: "k", Part: part, Fingerprint: part.Fingerprint()}
	live, err := p.Publish(t.Context(), order)
	var e *outbox.Error
	if !errors.Is(err, assisted.ErrByHand) || !errors.As(err, &e) || e.Fault != outbox.Rejected || e.Reason != "network.by_hand" || live.Ref != "" {
		t.Errorf("live %+v, err %v", live, err)
	}
	order.Part.Posts = []string{"Bonsoir"}
	if _, err = p.Publish(t.Context(), order); errors.Is(err, assisted.ErrByHand) || !errors.As(err, &e) || e.Reason != "network.changed" {
		t.Errorf("changed since approval: %v", err)
	}
	if err := p.Check(t.Context()); err != nil || p.Network() != "assisted" {
		t.Errorf("check %v, network %s", err, p.Network())
	}
}

func TestSteps(t *testing.T) {
	for on, want := range map[string]string{
		"instagram": "open_instagram media text link_bio send confirm",
		"facebook":  "open_facebook media text send confirm",
		"linkedin":  "open_linkedin media text send confirm",
		"tiktok":    "open_tiktok media text link_bio send confirm",
		"threads":   "open media text send confirm",
	} {
		var got []string
		for _, key := range (assisted.Hand{}).Steps(on) {
			got = append(got, strings.TrimPrefix(key, "network.by_hand_"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", on, got, want)
		}
	}
	if err := (assisted.Hand{}).CheckLink("tiktok", "https://www.tiktok.com/@colibri/video/7"); err != nil {
		t.Error(err)
	}
	if err := (assisted.Hand{}).CheckLink("tiktok", "https://www.tiktok.com/@colibri"); err == nil {
		t.Error("a profile passed for a post")
	}
}

func TestLink(t *testing.T) {
	for _, test := range []struct{ on, pasted, want string }{
		{"instagram", "https://www.instagram.com/p/C1a-b_2/?igsh=MTc4&utm_source=x", "https://www.instagram.com/p/C1a-b_2/"},
		{"instagram", " instagram.com/reel/Abc/ ", "https://instagram.com/reel/Abc/"},
		{"instagram", "https://www.instagram.com/colibri.thes/p/Abc/", "https://www.instagram.com/colibri.thes/p/Abc/"},
		{"instagram", "https://www.instagram.com/stories/colibri/3141/", "https://www.instagram.com/stories/colibri/3141/"},
		{"instagram", "<https://www.instagram.com/p/Abc/|instagram.com>", "https://www.instagram.com/p/Abc/"},
		{"instagram", "https://WWW.Instagram.com/p/Abc#x", "https://www.instagram.com/p/Abc"},
		{"instagram", "https://www.instagram.com/colibri/", "!link_profile"},
		{"instagram", "https://www.instagram.com/", "!link_profile"},
		{"instagram", "http://www.instagram.com/p/Abc/", "!link_https"},
		{"instagram", "javascript://www.instagram.com/p/Abc", "!link_https"},
		{"instagram", "https://www.facebook.com/p/Abc/", "!link_host"},
		{"instagram", "https://instagram.com.evil.example/p/Abc/", "!link_host"},
		{"instagram", "https://evil.example/instagram.com/p/Abc/", "!link_host"},
		{"instagram", "https://instagram.com@evil.example/p/Abc/", "!link_unreadable"},
		{"instagram", "https://instagram.com:8443/p/Abc/", "!link_unreadable"},
		{"instagram", "https://ınstagram.com/p/Abc/", "!link_host"},
		{"instagram", "", "!link_unreadable"},
		{"instagram", "c’est fait !", "!link_unreadable"},
		{"facebook", "https://www.facebook.com/colibri/posts/pfbid02abc?__tn__=R&fbclid=x", "https://www.facebook.com/colibri/posts/pfbid02abc"},
		{"facebook", "https://m.facebook.com/story.php?story_fbid=12&id=34&mibextid=z", "https://m.facebook.com/story.php?id=34&story_fbid=12"},
		{"facebook", "https://www.facebook.com/watch/?v=99", "https://www.facebook.com/watch/?v=99"},
		{"facebook", "https://www.facebook.com/share/p/1AbC/", "https://www.facebook.com/share/p/1AbC/"},
		{"facebook", "https://fb.watch/abc/", "https://fb.watch/abc/"},
		{"facebook", "https://fb.watch/", "!link_profile"},
		{"facebook", "https://www.facebook.com/colibri", "!link_profile"},
		{"linkedin", "https://www.linkedin.com/posts/colibri_the-activity-7131-AbCd?utm_source=share&rcm=A", "https://www.linkedin.com/posts/colibri_the-activity-7131-AbCd"},
		{"linkedin", "https://fr.linkedin.com/feed/update/urn:li:activity:7131/", "https://fr.linkedin.com/feed/update/urn:li:activity:7131/"},
		{"linkedin", "https://lnkd.in/eAbC", "https://lnkd.in/eAbC"},
		{"linkedin", "https://www.linkedin.com/company/colibri/", "!link_profile"},
		{"linkedin", "https://evillinkedin.com/posts/x", "!link_host"},
		{"linkedin", "https://a.b.linkedin.com/posts/x", "!link_host"},
		{"tiktok", "https://www.tiktok.com/@colibri.thes/video/7301?is_from_webapp=1", "https://www.tiktok.com/@colibri.thes/video/7301"},
		{"tiktok", "https://vm.tiktok.com/ZMabc/", "https://vm.tiktok.com/ZMabc/"},
		{"tiktok", "https://www.tiktok.com/@colibri", "!link_profile"},
		{"threads", "https://www.threads.net/@colibri/post/Cx?x=1", "https://www.threads.net/@colibri/post/Cx?x=1"},
		{"threads", "https://www.threads.net/", "!link_profile"},
		{"threads", "http://www.threads.net/@colibri/post/Cx", "!link_https"},
	} {
		live, err := assisted.Link(test.on, test.pasted)
		got := live.URL
		var refused *assisted.LinkError
		if errors.As(err, &refused) {
			got = "!" + strings.TrimPrefix(refused.Reason, "network.")
		}
		if got != test.want || (err == nil && live.Ref != live.URL) {
			t.Errorf("%s %q: %s (%v), want %s", test.on, test.pasted, got, err, test.want)
		}
	}
}

func FuzzLink(f *testing.F) {
	f.Add("instagram", "https://www.instagram.com/p/Abc/?igsh=1")
	f.Add("x", "<a|b>")
	f.Fuzz(func(t *testing.T, on, pasted string) {
		live, err := assisted.Link(on, pasted)
		if err != nil {
			return
		}
		if !strings.HasPrefix(live.URL, "https://") || strings.ContainsAny(live.URL, " \n<>") {
			t.Fatalf("%q became %q", pasted, live.URL)
		}
		if again, err := assisted.Link(on, live.URL); err != nil || again.URL != live.URL {
			t.Fatalf("%q is not stable: %q %v", live.URL, again.URL, err)
		}
	})
}

// TestWords: every key that the publishers give has its words, and no step
// has a word that people must not read.
func TestWords(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{"network.link_unreadable", "network.link_https", "network.link_host", "network.link_profile", "network.by_hand",
		"network.changed", "network.empty", "network.too_long", "network.too_many_bytes", "network.too_many_media", "network.media_missing",
		"network.media_type", "network.media_too_big", "network.media_processing", "network.alt_too_long", "network.partial",
		"network.not_mastodon", "network.no_key"}
	for _, on := range append(assisted.Known(), "threads") {
		steps := (assisted.Hand{}).Steps(on)
		for _, lang := range i18n.Langs() {
			for _, key := range steps { // said without arguments
				if text := catalog.For(lang, nil).T(key); strings.Contains(text, "<no value>") {
					t.Errorf("%s %s = %q", lang, key, text)
				}
			}
		}
		keys = append(keys, steps...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for _, lang := range i18n.Langs() {
		printer := catalog.For(lang, nil)
		for _, key := range keys {
			text := printer.T(key, "Name", "N", "Host", "h", "Max", "4", "Over", "2", "File", "f", "Size", "1", "Done", "1", "Total", "3")
			if !printer.Has(key) || strings.Contains(text, "<no value>") || strings.ContainsAny(text, "{}!") {
				t.Errorf("%s %s = %q", lang, key, text)
			}
			for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" .,:;’'\u00a0", r) }) {
				if slices.Contains([]string{"publication", "token", "hash", "webhook", "endpoint", "user", "invalid"}, word) {
					t.Errorf("%s %s says %q", lang, key, word)
				}
			}
		}
	}
}
