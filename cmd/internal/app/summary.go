package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
)

// Summary is what a replay came to.
type Summary struct {
	From, To time.Time
	Read     int // lines that were about a brand
	Skipped  int // lines that could not be read
	// Strange counts lines about brands that the configuration does not name.
	Strange map[string]int
	Brands  []BrandSummary
	// Channels and People are who would have got messages.
	Channels, People []Received
	// Hours counts new messages by the hour of the brand's (or person's) day.
	Hours [24]int
	// Critical counts messages that ring whatever the hour; CriticalNight those
	// of them that did outside working hours, and Night what else did: nothing may.
	Critical, CriticalNight, Night int
	// Repeated counts mentions that were in the recording before.
	Repeated int
	Edits    int
	Pages    int
	// Over are the days on which a budget of noise was exceeded.
	Over []Excess

	space *brand.Space
}

// BrandSummary is one brand's part.
type BrandSummary struct {
	Name                   string
	Read, Matched, Stories int
	Themes                 map[string]int // people, the busiest day of each
	Alerts, Urgent         int
}

// Received is what one channel or person got: new messages.
type Received struct {
	Name string
	// Total counts all; Most those of the busiest day, which is Day.
	Total, Most int
	Day         string
	Hours       [24]int
	days        map[string]int
}

// Excess is a budget that was exceeded.
type Excess struct {
	Who, Day      string
	Count, Budget int
	What          string
}

func newSummary(space *brand.Space) *Summary {
	return &Summary{space: space, Strange: map[string]int{}}
}

func (s *Summary) read(at time.Time) {
	if s.From.IsZero() {
		s.From = at
	}
	s.To = at
	s.Read++
}

// sum reads what became of everything.
func (r *rehearsal) sum(ctx context.Context) error {
	s := r.summary
	tx := state.Begin(r.store, "sum", r.clock.Now())
	for _, b := range s.space.Brands {
		one := BrandSummary{Name: b.Name, Themes: map[string]int{}, Alerts: r.tally.alerts[b.ID], Urgent: r.tally.urgent[b.ID]}
		for at := s.From; !at.After(r.clock.Now().Add(24 * time.Hour)); at = at.AddDate(0, 0, 1) {
			day, err := r.app.Heard.TallyOf(ctx, tx, b, at)
			if err != nil {
				return err
			}
			one.Read += day.Heard
			one.Matched += day.Matched
			one.Stories += day.Stories
			for theme, people := range day.Themes {
				one.Themes[theme] = max(one.Themes[theme], people)
			}
		}
		s.Brands = append(s.Brands, one)
	}
	s.Pages = len(r.pages.calls)
	s.Repeated, s.Edits = r.tally.repeated, r.tally.edits
	s.messages(r.tally.messages)
	return nil
}

// messages counts what was sent and holds it against the budgets. What is
// critical rings whatever the budget is, and is counted apart.
func (s *Summary) messages(all []message) {
	received := map[string]*Received{}
	channels, alerts, direct := map[string]int{}, map[string]int{}, map[string]int{} // by name and day
	for _, m := range all {
		b, member, name := s.whose(m)
		at := m.at.In(zoneOf(b, member))
		day := at.Format(time.DateOnly)
		got := received[name]
		if got == nil {
			got = &Received{Name: name, days: map[string]int{}}
			received[name] = got
		}
		got.Total++
		got.Hours[at.Hour()]++
		got.days[day]++
		s.Hours[at.Hour()]++
		if b != nil && m.notifies && !b.At(member).Open(m.at) {
			if m.critical {
				s.CriticalNight++
			} else {
				s.Night++
			}
		}
		switch {
		case m.critical:
			s.Critical++
		case member != nil:
			direct[member.Name+"|"+day]++
		case b != nil:
			channels[b.Name+"|"+day]++
			if isAlert(b, m) {
				alerts[b.Name+"|"+day]++
			}
		}
	}
	s.list(received)
	s.exceeded("channels", channels, func(n brand.Noise) int { return n.Channel })
	s.exceeded("alerts", alerts, func(n brand.Noise) int { return n.Alerts })
	s.exceeded("person", direct, func(n brand.Noise) int { return n.Person })
}

// zoneOf is whose day counts.
func zoneOf(b *brand.Brand, member *brand.Member) *time.Location {
	switch {
	case member != nil && member.Zone != nil:
		return member.Zone
	case b != nil:
		return b.Zone
	}
	return time.UTC
}

// list sorts what was received into channels and people.
func (s *Summary) list(received map[string]*Received) {
	for _, name := range slices.Sorted(maps.Keys(received)) {
		got := received[name]
		for day, n := range got.days {
			if n > got.Most || n == got.Most && day < got.Day {
				got.Most, got.Day = n, day
			}
		}
		if strings.HasPrefix(name, "@") {
			s.People = append(s.People, *got)
		} else {
			s.Channels = append(s.Channels, *got)
		}
	}
}

// exceeded finds the days over a budget. A person's budget is the largest of
// the brands'.
func (s *Summary) exceeded(what string, counts map[string]int, budgetOf func(brand.Noise) int) {
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		who, day, _ := strings.Cut(key, "|")
		budget := 0
		for _, b := range s.space.Brands {
			if b.Name == who {
				budget = budgetOf(b.Noise)
				break
			}
			if what == "person" {
				budget = max(budget, budgetOf(b.Noise))
			}
		}
		if counts[key] > budget {
			s.Over = append(s.Over, Excess{Who: who, Day: day, Count: counts[key], Budget: budget, What: what})
		}
	}
}

// whose says which brand's channel or which person a message went to.
func (s *Summary) whose(m message) (b *brand.Brand, member *brand.Member, name string) {
	if m.isDirect() {
		member = s.space.Who(m.place.Platform, m.place.Team, strings.TrimPrefix(m.place.Channel, "@"))
		b = s.space.Brand(m.brand)
		if member == nil {
			return b, nil, m.place.Platform + " " + m.place.Channel
		}
		return b, member, "@" + member.Name
	}
	for _, b := range s.space.Brands {
		for _, place := range b.Alerts {
			if sameChannel(place.Platform, place.Channel, m) {
				return b, nil, b.Name + " alerts (" + m.place.Platform + ")"
			}
		}
		for _, place := range b.Approvals {
			if sameChannel(place.Platform, place.Channel, m) {
				return b, nil, b.Name + " (" + m.place.Platform + ")"
			}
		}
	}
	return nil, nil, m.place.Platform + " " + m.place.Channel
}

func sameChannel(platform, channel string, m message) bool {
	return m.place.Platform == platform && m.place.Channel == channel
}

func isAlert(b *brand.Brand, m message) bool {
	for _, place := range b.Alerts {
		if sameChannel(place.Platform, place.Channel, m) {
			return true
		}
	}
	return false
}

// Write writes the summary for a person to read.
func (s *Summary) Write(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	line := func(format string, args ...any) { fmt.Fprintf(table, format+"\n", args...) }
	line("read %d mentions, %s to %s; %d of them heard before; %d lines skipped", s.Read, s.From.UTC().Format("2006-01-02 15:04"), s.To.UTC().Format("2006-01-02 15:04 UTC"), s.Repeated, s.Skipped)
	for _, name := range slices.Sorted(maps.Keys(s.Strange)) {
		line("no brand %q in the configuration: %d lines left out", name, s.Strange[name])
	}
	line("\nbrand\tread\tmatched\tstories\tthemes\talerts\turgent")
	total := BrandSummary{Name: "all", Themes: map[string]int{}}
	for _, b := range s.Brands {
		line("%s\t%d\t%d\t%d\t%d\t%d\t%d", b.Name, b.Read, b.Matched, b.Stories, len(b.Themes), b.Alerts, b.Urgent)
		total.Read, total.Matched, total.Stories = total.Read+b.Read, total.Matched+b.Matched, total.Stories+b.Stories
		total.Alerts, total.Urgent = total.Alerts+b.Alerts, total.Urgent+b.Urgent
		for theme := range b.Themes {
			total.Themes[b.Name+theme] = 1
		}
	}
	line("%s\t%d\t%d\t%d\t%d\t%d\t%d", total.Name, total.Read, total.Matched, total.Stories, len(total.Themes), total.Alerts, total.Urgent)
	for _, b := range s.Brands {
		if len(b.Themes) > 0 {
			line("\nthemes of %s, people on the busiest day: %s", b.Name, inOrder(b.Themes))
		}
	}
	s.writeMessages(line)
	return table.Flush()
}

func (s *Summary) writeMessages(line func(string, ...any)) {
	line("\nnew messages to\ttotal\tbusiest day\ton\tby hour")
	for _, list := range [][]Received{s.Channels, s.People} {
		for _, got := range list {
			line("%s\t%d\t%d\t%s\t%s", got.Name, got.Total, got.Most, got.Day, hoursText(got.Hours))
		}
	}
	line("all, by hour\t\t\t\t%s", hoursText(s.Hours))
	line("edits of cards and answers in threads (silent): %d; calls of the pager: %d", s.Edits, s.Pages)
	line("critical, whatever the hour and the budget: %d, of which outside working hours: %d; anything else then: %d", s.Critical, s.CriticalNight, s.Night)
	for _, over := range s.Over {
		line("over the budget: %s, %s, %s: %d of %d", over.Who, over.What, over.Day, over.Count, over.Budget)
	}
	if len(s.Over) == 0 {
		line("within the noise budget on every day")
	}
}

// hoursText is "8h 3, 14h 1".
func hoursText(hours [24]int) string {
	var parts []string
	for hour, n := range hours {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%dh %d", hour, n))
		}
	}
	return strings.Join(parts, ", ")
}

// inOrder is "delivery 12, price 3", the most first.
func inOrder(counts map[string]int) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, counts[name])
	}
	return strings.Join(names, ", ")
}
