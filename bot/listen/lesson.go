package listen

// Lesson is what a person's click said of a text: something to learn from. What
// the click says nothing of is left empty.
type Lesson struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"`
	// Sentiment is "negative", "neutral" or "positive".
	Sentiment string `json:"sentiment,omitempty"`
	// Theme is what it is about; the empty theme is nothing that the brand follows.
	Theme *string `json:"theme,omitempty"`
	// Stray says that it is about somebody or something else of the same name.
	Stray bool `json:"stray,omitempty"`
}

// Empty says that there is nothing to learn from it.
func (l Lesson) Empty() bool { return l.Text == "" || l.Sentiment == "" && l.Theme == nil && !l.Stray }
