package calendar

import (
	"cmp"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
)

// Post is a request on the calendar: its publications that leave at one time.
type Post struct {
	Request string
	Title   string
	Author  string
	At      time.Time
	Parts   []Publication
	// Alone says that it can still move and that nobody is there when it leaves.
	Alone bool
}

// posts groups publications as people see them, by their time. What was
// cancelled is not on a calendar.
func posts(all []Publication) []Post {
	var grouped []Post
	for _, p := range all {
		if p.Status == Cancelled {
			continue
		}
		at := slices.IndexFunc(grouped, func(post Post) bool { return post.Request == p.Request && post.At.Equal(p.At) })
		if at < 0 {
			at = len(grouped)
			grouped = append(grouped, Post{Request: p.Request, Title: p.Title, Author: p.Author, At: p.At})
		}
		grouped[at].Parts = append(grouped[at].Parts, p)
	}
	slices.SortStableFunc(grouped, func(a, b Post) int { return a.At.Compare(b.At) })
	return grouped
}

// live says that the post is on a network at least.
func live(post Post) bool {
	return slices.ContainsFunc(post.Parts, func(p Publication) bool { return p.Status == Sent })
}

// movable says that nothing of the post left, or is on its way.
func (p Post) movable() bool {
	return !slices.ContainsFunc(p.Parts, func(one Publication) bool { return one.Status != Planned && one.Status != Asked })
}

// Day is one day of the picture.
type Day struct {
	At    time.Time // its midnight
	Posts []Post
	// Works says that the brand works that day; Hole that it does and that
	// nothing is planned, with the times that would suit.
	Works bool
	Hole  []time.Time
}

// Picture is a period with what is planned and what is not; pure.
type Picture struct {
	Period
	Days []Day
	// Rhythm is where the times proposed come from.
	Rhythm Rhythm
}

// picture lays posts out over the days of a period. A day before today is no
// hole any more.
func picture(b *brand.Brand, period Period, all []Publication, rhythm Rhythm, now time.Time) Picture {
	shown := Picture{Period: period, Rhythm: rhythm}
	planned := posts(ofAccount(all, period.Account))
	calendar := b.At(nil)[0]
	for n := range period.Days {
		day := Day{At: period.From.AddDate(0, 0, n)}
		day.Works = calendar.Works(hours.Clock(12 * 60).On(day.At))
		for _, post := range planned {
			if startOfDay(post.At.In(b.Zone)).Equal(day.At) {
				day.Posts = append(day.Posts, post)
			}
		}
		if day.Works && len(day.Posts) == 0 {
			day.Hole = rhythm.candidates(b, day.At, now)
		}
		shown.Days = append(shown.Days, day)
	}
	return shown
}

// ofAccount are the publications to an account, "" for all.
func ofAccount(all []Publication, account string) []Publication {
	return slices.DeleteFunc(slices.Clone(all), func(p Publication) bool { return account != "" && p.Part.Account != account })
}

// attended says of each post whether somebody is there when it leaves.
func (p Picture) attended(here presence) Picture {
	for _, day := range p.Days {
		for i, post := range day.Posts {
			day.Posts[i].Alone = post.movable() && !here.at(post.At)
		}
	}
	return p
}

// planned are the posts of the picture, by their time.
func (p Picture) planned() []Post {
	var all []Post
	for _, day := range p.Days {
		all = append(all, day.Posts...)
	}
	return all
}

// holes counts the days that could still have a post.
func (p Picture) holes() int {
	n := 0
	for _, day := range p.Days {
		if len(day.Hole) > 0 {
			n++
		}
	}
	return n
}

// alike are days with nothing planned that have the same times to offer.
type alike struct {
	Days  []time.Time
	Times []time.Time // those of the first day
}

// alike groups the holes by their times: none is told twice.
func (p Picture) alike() []alike {
	var all []alike
	for _, day := range p.Days {
		if len(day.Hole) == 0 {
			continue
		}
		at := slices.IndexFunc(all, func(a alike) bool { return slices.EqualFunc(a.Times, day.Hole, sameClock) })
		if at < 0 {
			at = len(all)
			all = append(all, alike{Times: day.Hole})
		}
		all[at].Days = append(all[at].Days, day.At)
	}
	return all
}

func sameClock(a, b time.Time) bool { return a.Hour() == b.Hour() && a.Minute() == b.Minute() }

// rests says that the brand works on no day of the picture.
func (p Picture) rests() bool {
	return !slices.ContainsFunc(p.Days, func(day Day) bool { return day.Works })
}

// proposed is how many times are proposed for a day.
const proposed = 3

// step is how close to each other times may be proposed.
const step = 30

// Rhythm is at what times of the day a brand posts.
type Rhythm struct {
	// Usual are its times to the half hour, the most frequent first.
	Usual []hours.Clock
	// Posts is how many posts that is drawn from, over so many days.
	Posts, Over int
}

// rhythmOver is how many days back the rhythm is read from, enoughPosts how many
// posts make one.
const (
	rhythmOver  = 56
	enoughPosts = 6
)

// rhythmOf reads the usual times from what went out; with too few posts there is
// no rhythm.
func rhythmOf(all []Publication, zone *time.Location) Rhythm {
	count := map[hours.Clock]int{}
	rhythm := Rhythm{Over: rhythmOver}
	for _, post := range posts(all) {
		if !live(post) {
			continue
		}
		at := post.At.In(zone)
		count[hours.Clock(((at.Hour()*60+at.Minute()+step/2)/step*step)%(24*60))]++
		rhythm.Posts++
	}
	if rhythm.Posts < enoughPosts {
		return rhythm
	}
	for clock, n := range count {
		if n > 1 {
			rhythm.Usual = append(rhythm.Usual, clock)
		}
	}
	slices.SortFunc(rhythm.Usual, func(a, b hours.Clock) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	return rhythm
}

// candidates are the times proposed on a day, in their order: the usual ones at
// which the brand works, then the beginning, middle and end of its day.
func (r Rhythm) candidates(b *brand.Brand, day, now time.Time) []time.Time {
	calendar := b.At(nil)[0]
	var times []time.Time
	for _, clock := range slices.Concat(r.Usual, spread(b.Hours[day.Weekday()])) {
		at := clock.On(day)
		if len(times) < proposed && at.After(now.Add(UndoFor)) && calendar.Open(at) && !slices.ContainsFunc(times, at.Equal) {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// spread are the half hours just after a day begins, in its middle, and before
// it ends.
func spread(spans []hours.Span) []hours.Clock {
	if len(spans) == 0 {
		return nil
	}
	first := (spans[0].Open + step - 1) / step * step
	last := (spans[len(spans)-1].Close - 1) / step * step
	return []hours.Clock{first, (first + last) / 2 / step * step, last}
}
