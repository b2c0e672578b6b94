package bot

import "strings"

// Card is something shown: a title, blocks, buttons. Renderers turn it into
// what each platform accepts; what does not fit goes to the thread, then to a
// file, and is never cut silently.
type Card struct {
	// Token names the state behind the buttons; a card without buttons or menus
	// needs none.
	Token  string  `json:"token,omitempty"`
	Tone   Tone    `json:"tone,omitempty"`
	Title  Text    `json:"title,omitempty"`
	Blocks []Block `json:"blocks,omitempty"`
	// Buttons is the last row: at most 4, the first one is the main one.
	Buttons []Button `json:"buttons,omitempty"`
	// More are the actions behind "More…", at most 25.
	More      []Button `json:"more,omitempty"`
	MoreLabel string   `json:"more_label,omitempty"`
	// Summary is the text of notifications and screen readers. It never holds an
	// insult or personal data. Empty: the title and first line.
	Summary string `json:"summary,omitempty"`
	Lang    string `json:"lang,omitempty"`
}

// Tone says what the card is about; it is always said in words too.
type Tone string

const (
	Neutral Tone = ""
	Good    Tone = "good"
	Warning Tone = "warning"
	Bad     Tone = "bad"
)

// BlockKind tells blocks apart.
type BlockKind string

const (
	Paragraph BlockKind = "paragraph" // Text
	Quote     BlockKind = "quote"     // Quoted: somebody's words, hostile
	Fields    BlockKind = "fields"    // Pairs
	Picture   BlockKind = "picture"   // File or URL, Alt
	Grid      BlockKind = "grid"      // Rows, the first one is the head
	Rule      BlockKind = "rule"      // a line
	Small     BlockKind = "small"     // Text, in small print
	Menu      BlockKind = "menu"      // Select
	Row       BlockKind = "row"       // Buttons between blocks
)

// Block is one piece of a card; Kind says which fields count.
type Block struct {
	Kind BlockKind `json:"kind"`
	Text Text      `json:"text,omitempty"`
	// Quoted is shown as it is, with no markup, mention or link of its own.
	Quoted string `json:"quoted,omitempty"`
	// Folded hides Quoted behind Label until somebody asks for it.
	Folded bool      `json:"folded,omitempty"`
	Label  string    `json:"label,omitempty"`
	Pairs  [][2]Text `json:"pairs,omitempty"`
	URL    string    `json:"url,omitempty"`
	Alt    string    `json:"alt,omitempty"`
	// File is a picture that is kept here: its SHA-256 in hex.
	File    string     `json:"file,omitempty"`
	Rows    [][]string `json:"rows,omitempty"`
	Select  *Select    `json:"select,omitempty"`
	Buttons []Button   `json:"buttons,omitempty"`
}

// Text is a line of Crieur's own words, in pieces.
type Text []Span

// Span is a piece of a line. A plain span is shown as it is: no platform markup
// in it has any effect.
type Span struct {
	Text   string `json:"text"`
	Strong bool   `json:"strong,omitempty"`
	// URL makes it a link. Only http and https.
	URL string `json:"url,omitempty"`
	// Member makes it a mention that notifies this member, wherever they are
	// known on the platform, else their bare name in Text.
	Member string `json:"member,omitempty"`
}

// Say is a line without any markup.
func Say(text string) Text { return Text{{Text: text}} }

// String returns the words alone.
func (t Text) String() string {
	var b strings.Builder
	for _, span := range t {
		b.WriteString(span.Text)
	}
	return b.String()
}

// P is a paragraph block of one plain line.
func P(text string) Block { return Block{Kind: Paragraph, Text: Say(text)} }

// Button is an action on a card, or a link if URL is set.
type Button struct {
	// Action is the registered name, "review.approve".
	Action string `json:"action,omitempty"`
	// Arg tells apart buttons of one action: at most 16 of [a-z0-9-].
	Arg   string `json:"arg,omitempty"`
	Label string `json:"label"` // at most 30 characters, verb and object
	Style Style  `json:"style,omitempty"`
	URL   string `json:"url,omitempty"`
	// Confirm asks once more, for what cannot be undone.
	Confirm *Confirm `json:"confirm,omitempty"`
}

// Style is how much a button stands out.
type Style string

const (
	Plain   Style = ""
	Primary Style = "primary" // at most one on a card
	Danger  Style = "danger"
)

// Confirm is the question before a button acts. Title ≤ 100, Text ≤ 300.
type Confirm struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	Yes   string `json:"yes"`
	No    string `json:"no"`
}

// Select is a menu on a card or in a form.
type Select struct {
	Action string `json:"action,omitempty"`
	Label  string `json:"label"`
	// Choices are at most 25, see Bounded.
	Choices []Choice `json:"choices"`
	Chosen  []string `json:"chosen,omitempty"`
	// Left says how many there are when Choices are not all of them. The others
	// are found by the listing of the action, where there is one and the platform
	// can search; where not, Left is shown.
	Left string `json:"left,omitempty"`
	// Many allows several choices.
	Many bool `json:"many,omitempty"`
}

// Choice is one entry of a menu: Value ≤ 75 bytes, Label ≤ 75 characters.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Form is a modal: at most 5 fields, the common minimum.
type Form struct {
	// Action is the registered submit action; Token names the state behind.
	Action string  `json:"action"`
	Arg    string  `json:"arg,omitempty"` // given back with the event, see Button
	Token  string  `json:"token,omitempty"`
	Title  string  `json:"title"` // at most 24 characters
	Intro  string  `json:"intro,omitempty"`
	Fields []Field `json:"fields"`
	Submit string  `json:"submit"` // at most 24 characters
	Cancel string  `json:"cancel"`
}

// FieldKind is the sort of a field.
type FieldKind string

const (
	Line     FieldKind = "line"
	Area     FieldKind = "area"
	Pick     FieldKind = "pick"  // one of Choices
	PickMany FieldKind = "picks" // some of Choices
	Date     FieldKind = "date"  // 2006-01-02
	Clock    FieldKind = "clock" // 15:04
	File     FieldKind = "file"  // one file
)

// Field is one input of a form.
type Field struct {
	ID       string    `json:"id"`
	Kind     FieldKind `json:"kind"`
	Label    string    `json:"label"` // at most 45 characters
	Hint     string    `json:"hint,omitempty"`
	Value    []string  `json:"value,omitempty"`
	Choices  []Choice  `json:"choices,omitempty"`
	Left     string    `json:"left,omitempty"` // as in Select
	Optional bool      `json:"optional,omitempty"`
	Max      int       `json:"max,omitempty"` // characters, at most 3,000
}

// Clip shortens a label that a platform bounds, at a character, with an
// ellipsis that shows it. It is for names in menus, never for content.
func Clip(label string, most int) string {
	runes := []rune(label)
	if len(runes) <= most {
		return label
	}
	return string(runes[:most-1]) + "…"
}
