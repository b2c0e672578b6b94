package brand

import (
	"cmp"
	"time"
)

// Rota is who may be called at a time, in order: the brand's people on call who
// are not away on that day, by their own clock.
func (s *Space) Rota(b *Brand, at time.Time) []*Member {
	var rota []*Member
	for _, id := range b.OnCall {
		m := s.Member(id)
		if m != nil && !m.Away.Has(at.In(cmp.Or(m.Zone, b.Zone))) {
			rota = append(rota, m)
		}
	}
	return rota
}
