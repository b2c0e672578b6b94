package listen

// Said is one thing that was said of a brand, its near-copies with it, for
// whoever learns from what is said.
type Said struct {
	ID   string
	Text string // as it was first said, personal data covered
	// Who stands for the person who said it first and says nothing of them; empty
	// when that is not known.
	Who string
	// Private says that it was said to the brand alone, or insults: it is not to be
	// quoted.
	Private bool
}
