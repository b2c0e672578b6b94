package brand

// Source gives the space as it is now. What it gives never changes: a reader
// takes it once, at the start of its work, and everything that the reader then
// does rests on the same brands and people.
type Source interface {
	Now() *Space
}

// Now makes a Space its own Source: one that stays as it is.
func (s *Space) Now() *Space { return s }
