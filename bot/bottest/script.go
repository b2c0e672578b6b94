package bottest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// Scene is what a script runs on.
type Scene struct {
	Surface Surface
	// Advance moves the clock of the brand's day.
	Advance func(time.Duration)
	// Extra are further verbs of the test ("hear …").
	Extra map[string]func(t *testing.T, args string)
	// Patience is how long "see" waits for what must come; 0 is 5 s.
	Patience time.Duration
}

// Run plays every file of a txtar archive as a conversation. Its lines are:
//
//	as camille                    who acts from here on
//	in com                        where they act; "in @" is their own conversation
//	/draft Notre thé…             a command, by its registered name
//	say qu’est-ce qui m’attend    words to Crieur
//	click Envoyer à valider       a button they see there
//	menu À traiter → livrez   an entry of the menu of what they wrote there
//	both camille noa click Oui    the same click by several people at one time
//	submit text=…;day=2026-11-27  the form that is open
//	submit picture=@thé.png       … with a picture of that name in it
//	see En ligne                  some message there shows this, now or soon
//	not Brouillon                 no message there shows this
//	gone En cours…                no message there shows this, now or soon
//	told Ce post vient de vous    a private answer shows this, now or soon
//	wait 60s                      the clock of the day moves
//
// A line that starts with # is a comment; see, not and told may be repeated. In
// a script, ordinary spaces stand for no-break ones too, {U+202E} for a character
// that is hard to see, and {400×mot } for 400 times the same.
// Every file has a scene of its own, made by fresh.
func Run(t *testing.T, fresh func(t *testing.T) Scene, archive []byte) {
	for _, file := range txtar.Parse(archive).Files {
		t.Run(strings.TrimSuffix(file.Name, ".txt"), func(t *testing.T) {
			p := &player{t: t, scene: fresh(t), channel: "@"}
			for number, line := range strings.Split(string(file.Data), "\n") {
				line = strings.TrimSpace(line)
				if line == "" || line[0] == '#' {
					continue
				}
				if err := p.play(written(line)); err != nil {
					t.Fatalf("%s:%d: %s\n%v\n%s was told:\n%s", file.Name, number+1, line, err, p.user,
						strings.Join(p.scene.Surface.Private(p.user), "\n--\n"))
				}
			}
		})
	}
}

type player struct {
	t       *testing.T
	scene   Scene
	user    string
	channel string
}

func (p *player) play(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	if name, ok := strings.CutPrefix(verb, "/"); ok {
		return p.scene.Surface.Command(p.user, p.where(), name, rest)
	}
	switch verb {
	case "as":
		p.user = rest
	case "in":
		p.channel = rest
	case "say":
		return p.scene.Surface.Say(p.user, rest)
	case "click":
		return p.eventually(func() error { return p.scene.Surface.Click(p.user, p.where(), p.label(rest)) })
	case "menu":
		return p.menu(rest)
	case "both":
		return p.together(rest)
	case "submit":
		return p.scene.Surface.Submit(p.user, fields(rest))
	case "see":
		return p.eventually(func() error { return p.shows(p.scene.Surface.Screen(p.user, p.where()), rest) })
	case "not":
		return p.hides(rest)
	case "gone":
		return p.eventually(func() error { return p.hides(rest) })
	case "told":
		return p.eventually(func() error { return p.shows(p.scene.Surface.Private(p.user), rest) })
	case "wait":
		d, err := time.ParseDuration(rest)
		if err != nil {
			return err
		}
		p.scene.Advance(d)
	default:
		extra, ok := p.scene.Extra[verb]
		if !ok {
			return fmt.Errorf("unknown verb %q", verb)
		}
		extra(p.t, rest)
	}
	return nil
}

// menu is "À traiter → words of the message".
func (p *player) menu(line string) error {
	surface, ok := p.scene.Surface.(Menus)
	label, words, arrow := strings.Cut(line, " → ")
	if !ok || !arrow {
		return errors.New("what of which message?")
	}
	return p.eventually(func() error { return surface.Use(p.user, p.where(), label, words) })
}

// together is one click by several people at one time: "camille noa click Oui".
// Those from whom the button is gone by then do not click; somebody must. While
// nobody has the button, as on a card that shows "Working…", they wait for it.
func (p *player) together(line string) error {
	names, words, ok := strings.Cut(line, " click ")
	if !ok {
		return errors.New("both whom, click what?")
	}
	people := strings.Fields(names)
	return p.eventually(func() error {
		label := p.label(words)
		var all sync.WaitGroup
		wrong := make([]error, len(people))
		for i, user := range people {
			all.Go(func() { wrong[i] = p.scene.Surface.Click(user, p.where(), label) })
		}
		all.Wait()
		if slices.Contains(wrong, nil) {
			return nil
		}
		return errors.Join(wrong...)
	})
}

func (p *player) where() string {
	if p.channel == "@" {
		return "@" + p.user
	}
	return p.channel
}

// label finds the label on screen that the script's words mean.
func (p *player) label(words string) string {
	screen := strings.Join(append(p.scene.Surface.Screen(p.user, p.where()), p.scene.Surface.Private(p.user)...), "\n")
	for part := range strings.SplitSeq(screen, "[") {
		label, _, ok := strings.Cut(part, "]")
		if ok && loose(label) == loose(words) {
			return label
		}
	}
	return words
}

func (p *player) shows(screen []string, words string) error {
	p.t.Helper()
	for _, text := range screen {
		if strings.Contains(text, "<no value>") {
			p.t.Fatalf("a text lacks what it should say:\n%s", text)
		}
		if strings.Contains(loose(text), loose(words)) {
			return nil
		}
	}
	return fmt.Errorf("not shown; there is:\n%s", strings.Join(screen, "\n--\n"))
}

func (p *player) hides(words string) error {
	if p.shows(p.scene.Surface.Screen(p.user, p.where()), words) == nil {
		return fmt.Errorf("%s shows it", p.where())
	}
	return nil
}

// eventually tries until it holds: a lane, a relay and a renderer are on the way.
func (p *player) eventually(try func() error) error {
	patience := p.scene.Patience
	if patience == 0 {
		patience = 5 * time.Second
	}
	deadline := time.Now().Add(patience)
	for {
		err := try()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

var (
	repeated = regexp.MustCompile(`\{(\d+)×([^}]*)\}`)
	named    = regexp.MustCompile(`\{U\+([0-9A-F]{4,6})\}`)
)

// written is a line with its repetitions and hidden characters written out.
func written(line string) string {
	line = named.ReplaceAllStringFunc(line, func(name string) string {
		code, _ := strconv.ParseUint(named.FindStringSubmatch(name)[1], 16, 32) // the pattern has digits only
		return string(rune(code))
	})
	return repeated.ReplaceAllStringFunc(line, func(again string) string {
		parts := repeated.FindStringSubmatch(again)
		times, _ := strconv.Atoi(parts[1])
		return strings.Repeat(parts[2], times)
	})
}

func fields(text string) map[string]string {
	values := map[string]string{}
	for pair := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(pair, "=")
		values[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return values
}

// loose sets kinds of spaces aside.
func loose(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)), " ")
}
