package discord

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"crieur/bot"

	"github.com/bwmarrin/discordgo"
)

// What one message holds. Discord's limits are 40 components with those nested
// in others, 4,000 characters of text, and, not documented, 10,170 for bytes of
// text + 12 for each component. Room is kept for the line "Working…".
const (
	maxComponents = 38
	maxChars      = 3900
	maxBytes      = 9400 // 10,170 - 12 × 40 - "Working…"
	maxRow        = 5    // buttons in a row
	maxOptions    = 25   // choices in a menu
	maxGallery    = 10   // pictures side by side
	// minSplit is the room that is worth beginning a text in.
	minSplit = 400
	// maxParts is how many further messages a text may fill before the rest
	// becomes a file.
	maxParts = 3
	// partID numbers the container of a further message, so that an edit finds it.
	partID = 9000
)

type component = discordgo.MessageComponent

// file is something attached.
type file struct {
	name    string
	content []byte
}

// message is what one message shows.
type message struct {
	components []component
	files      []file
	// users are who the message mentions.
	users []string
}

// sheet is a rendered card: its message, and what follows when it did not fit.
type sheet struct {
	message
	// name is what a thread under it is called, at most 100 characters.
	name  string
	parts []message
	// below is the line of the message that says where the rest is, missing the
	// one that takes its place when the rest could not be put up.
	below, missing string
	// dropped names what could not be shown at all, which is a mistake of the
	// program: a callback that fits no button.
	dropped []string
}

// renderer draws cards. It is pure: the two functions only look things up.
type renderer struct {
	// mention gives the user ID of a member in a guild.
	mention func(team, member string) (string, bool)
	// say gives one of the adapter's own lines in a language.
	say func(lang, key string) string
	// pictures are the files that can be shown, by digest.
	pictures map[string]file
}

// colours go with the tone; the words say it too.
var colours = map[bot.Tone]int{bot.Good: 0x2E7D4F, bot.Warning: 0xC77700, bot.Bad: 0xB3261E, bot.Neutral: 0x4B5D79}

// piece is something placed as a whole, except a text, which may be split.
type piece struct {
	text *passage
	// code is text placed as it is.
	code  string
	comps []component
	count int    // components, with those nested in them
	bytes int    // what the components cost of a message's bytes
	shows []file // what the components show
	file  *file
	plain string // how code reads in a file
}

// card renders a card for a guild (empty for a direct message).
func (r renderer) card(team string, c bot.Card) sheet {
	d := &drawing{renderer: r, team: team, card: c, key: foldKey(c)}
	body := d.pieces()
	first, later := d.footer()
	p := &packer{d: d, tone: c.Tone}
	p.open(first)
	for _, piece := range append(body, later...) {
		p.put(piece)
	}
	p.close()
	name := c.Title.String()
	if name == "" {
		name = c.Text()
	}
	name = shorten(strings.Join(strings.Fields(name), " "), maxChoice)
	return sheet{message: p.done[0], name: name, parts: p.done[1:], dropped: d.dropped,
		below: p.note(), missing: p.small("chat.missing")}
}

// alone is the message of a card whose rest could not be put up.
func (s sheet) alone() message {
	m := s.message
	box, ok := m.components[0].(discordgo.Container)
	if !ok {
		return m
	}
	box.Components = slices.Clone(box.Components)
	for i, c := range box.Components {
		if text, ok := c.(discordgo.TextDisplay); ok && text.Content == s.below {
			box.Components[i] = discordgo.TextDisplay{Content: s.missing}
		}
	}
	m.components = []component{box}
	return m
}

// foldKey names a card for its folded words: its token, or what it says.
func foldKey(c bot.Card) string {
	if c.Token != "" {
		return c.Token
	}
	data, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return "~" + base64.RawURLEncoding.EncodeToString(sum[:12])
}

// packer fills messages with pieces, in order.
type packer struct {
	d    *drawing
	tone bot.Tone
	done []message

	comps  []component
	texts  []string // of the text component being filled
	room   size
	left   int // components
	footer []component
	files  []file
	users  map[string]bool
	spill  strings.Builder // what becomes a file
	next   int             // number of the message being filled
}

// open begins a message; footer is what ends it.
func (p *packer) open(footer []piece) {
	p.comps, p.texts, p.files, p.footer = nil, nil, nil, nil
	p.room, p.left, p.users = size{maxChars, maxBytes}, maxComponents-1, map[string]bool{}
	for _, f := range footer {
		p.footer = append(p.footer, f.comps...)
		p.left -= f.count
	}
	if p.next == 0 {
		note := sizeOf(p.note()) // kept for "continued below"
		p.room, p.left = p.room.minus(note).minus(size{1, 1}), p.left-1
	}
}

func (p *packer) note() string { return p.small("discord.continued") }

func (p *packer) small(key string) string {
	return passage{"-# ", bot.Say(p.d.line(key))}.markdown(p.d.user)
}

// turn ends the message being filled and begins the next one.
func (p *packer) turn() {
	if p.next == 0 {
		p.flush()
		p.comps = append(p.comps, discordgo.TextDisplay{Content: p.note()})
	}
	p.seal()
	p.open(nil)
}

func (p *packer) seal() {
	p.flush()
	comps := append(p.comps, p.footer...)
	if len(comps) == 0 {
		comps = []component{discordgo.TextDisplay{Content: "-# …"}}
	}
	colour := colours[p.tone]
	box := discordgo.Container{AccentColor: &colour, Components: comps}
	if p.next > 0 {
		box.ID = partID + p.next
	}
	m := message{components: []component{box}, files: p.files}
	m.users = slices.Sorted(maps.Keys(p.users))
	p.done = append(p.done, m)
	p.next++
}

// close ends the last message and adds what became a file.
func (p *packer) close() {
	if p.spill.Len() > 0 {
		name := p.d.line("discord.file") + ".txt"
		p.putFile(file{name, []byte(p.spill.String())})
	}
	p.seal()
}

func (p *packer) flush() {
	if len(p.texts) > 0 {
		p.comps = append(p.comps, discordgo.TextDisplay{Content: strings.Join(p.texts, "\n")})
		p.texts = nil
	}
}

func (p *packer) put(item piece) {
	switch {
	case item.file != nil:
		p.putFile(*item.file)
	case item.text != nil:
		p.putText(*item.text)
	case item.code != "":
		p.putWhole(item.code, item.plain)
	default:
		p.flush()
		if item.count > p.left || item.bytes > p.room.bytes || !carries(p.files, item.shows) {
			p.turn()
		}
		for _, f := range item.shows {
			if !slices.ContainsFunc(p.files, func(there file) bool { return there.name == f.name }) {
				p.files = append(p.files, f)
			}
		}
		p.comps = append(p.comps, item.comps...)
		p.left -= item.count
		p.room.bytes -= item.bytes
	}
}

// putWhole places a text that must not be split.
func (p *packer) putWhole(text, plain string) {
	if !p.fits(text) {
		if p.spilling() {
			p.spill.WriteString(plain + "\n")
			return
		}
		p.turn()
	}
	p.add(text)
}

// putText places a text, in as many messages as it takes.
func (p *packer) putText(text passage) {
	for stuck := false; ; {
		written := text.markdown(p.d.user)
		if strings.TrimSpace(written) == "" {
			return
		}
		if p.fits(written) {
			p.add(written)
			p.mentioned(text)
			return
		}
		if p.spilling() || stuck {
			p.spill.WriteString(text.words.String() + "\n")
			return
		}
		if p.room.chars > minSplit && p.room.bytes > minSplit && (p.left > 0 || len(p.texts) > 0) {
			if head, rest, ok := text.split(p.room.minus(size{1, 1}), p.d.user); ok {
				p.add(head.markdown(p.d.user))
				p.mentioned(head)
				text = rest
			} else {
				stuck = len(p.texts)+len(p.comps) == 0 // not even in an empty message
			}
		}
		p.turn()
	}
}

// spilling says whether text has to become a file now.
func (p *packer) spilling() bool { return p.next >= maxParts || p.spill.Len() > 0 }

func (p *packer) fits(text string) bool {
	return sizeOf(text).within(p.room.minus(size{1, 1})) && (len(p.texts) > 0 || p.left > 0)
}

func (p *packer) add(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if len(p.texts) == 0 {
		p.left--
	}
	p.texts = append(p.texts, text)
	p.room = p.room.minus(sizeOf(text)).minus(size{1, 1})
}

func (p *packer) mentioned(text passage) {
	for _, span := range text.words {
		if span.Member == "" {
			continue
		}
		if user, ok := p.d.user(span.Member); ok {
			p.users[user] = true
		}
	}
}

// carries says whether one message takes these files too.
func carries(files, more []file) bool {
	all := slices.Concat(files, more)
	weight := 0
	for _, f := range all {
		weight += len(f.content)
	}
	return len(all) <= maxFiles && weight <= maxCarried
}

// putFile attaches a file of words; only further messages carry them, so that
// the card itself needs no more than its pictures.
func (p *packer) putFile(f file) {
	p.flush()
	if p.next == 0 || p.left < 1 || len(p.files) >= 5 {
		p.turn()
	}
	f.name = strconv.Itoa(len(p.files)+1) + "-" + f.name
	p.files = append(p.files, f)
	p.comps = append(p.comps, discordgo.FileComponent{File: discordgo.UnfurledMediaItem{URL: "attachment://" + f.name}})
	p.left--
}
