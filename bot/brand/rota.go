package brand

import (
	"cmp"
	"time"
)

// Away says whether a member is on leave at a time, by their own clock. Who is no
// member any more is away for good.
func (b *Brand) Away(m *Member, at time.Time) bool {
	return m == nil || m.Away.Has(at.In(cmp.Or(m.Zone, b.Zone)))
}

// First is the first of these members who is not on leave at a time, else the
// first of them: somebody must hear of it. nil where they are nobody.
func (s *Space) First(b *Brand, at time.Time, ids []string) *Member {
	var first *Member
	for _, id := range ids {
		switch m := s.Member(id); {
		case m == nil:
		case !b.Away(m, at):
			return m
		case first == nil:
			first = m
		}
	}
	return first
}

// Rota is who may be called at a time, in order: the brand's people on call who
// are not away on that day, by their own clock.
func (s *Space) Rota(b *Brand, at time.Time) []*Member {
	var rota []*Member
	for _, id := range b.OnCall {
		if m := s.Member(id); !b.Away(m, at) {
			rota = append(rota, m)
		}
	}
	return rota
}
