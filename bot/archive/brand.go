package archive

import (
	"encoding/json"
	"slices"
	"strings"

	"crieur/bot/audit"
)

// Team is the kind of the record that lists what was set up and added in
// conversation, of all brands: each list is of things that name theirs, of the
// brands themselves, or of people, who are of no brand (bot/team).
const Team = "team"

// Part chooses what of a space is one brand's. It is asked about the lines in
// their order: what refers to something comes after it.
type Part struct {
	brand string
	kept  map[string]bool // IDs of the records of the part
	named map[string]bool // who is named in its part of the trail, veiled
	files map[string]bool // digests that its records name
}

// NewPart returns the part of a brand.
func NewPart(brand string) *Part {
	return &Part{brand: brand, kept: map[string]bool{}, named: map[string]bool{}, files: map[string]bool{}}
}

// Take returns what of a line is the brand's; ok is false if nothing is. Of the
// trail every link is, so that the chain holds, and those of others are excerpts.
func (p *Part) Take(line Line) (taken Line, ok bool) {
	switch {
	case line.Record != nil:
		if line.Record, ok = p.share(*line.Record); ok {
			p.kept[line.Record.ID] = true
			p.note(line.Record.Data)
		}
	case line.Mark != nil:
		ok = p.kept[line.Mark.Member] || strings.HasSuffix(line.Mark.Index, ":"+p.brand)
	case line.Due != nil:
		ok = p.kept[string(line.Due.Item.Data)] || p.kept[line.Due.Item.Conversation] || string(line.Due.Item.Data) == p.brand
	case line.Item != nil:
		ok = brandIn(line.Item.Data) == p.brand || p.kept[line.Item.Conversation]
	case line.Cause != nil:
		ok = strings.HasPrefix(line.Cause.ID, "hear:"+p.brand+":") || strings.HasPrefix(line.Cause.ID, "observe:"+p.brand+":")
	case line.Link != nil:
		line.Link, ok = p.excerpt(*line.Link), true
	case line.Salt != nil:
		ok = p.named[audit.Salts{line.Salt.Person: line.Salt.Salt}.Veil(line.Salt.Person)]
	case line.File != nil:
		ok = p.files[line.File.Digest]
	case line.Header != nil:
		header := *line.Header
		header.Brand = p.brand
		line.Header, ok = &header, true
	}
	return line, ok
}

// excerpt leaves the entry out of a link that is not the brand's.
func (p *Part) excerpt(link audit.Link) *audit.Link {
	sealed, whole, err := link.Open()
	if err != nil || !whole || sealed.Brand != p.brand {
		link = link.Excerpt()
		return &link
	}
	for _, veil := range audit.Veils(sealed.Entry) {
		p.named[veil] = true
	}
	return &link
}

// share is what of a record is the brand's: all of it, nothing, or of the team's
// record what names the brand.
func (p *Part) share(r Record) (*Record, bool) {
	if r.Kind != Team {
		return &r, p.takes(r)
	}
	var kept struct {
		Schema int                        `json:"schema"`
		Body   map[string]json.RawMessage `json:"body"`
	}
	if json.Unmarshal(r.Data, &kept) != nil {
		return &r, false
	}
	for field, list := range kept.Body {
		if kept.Body[field] = p.only(list); kept.Body[field] == nil {
			delete(kept.Body, field)
		}
	}
	data, err := json.Marshal(kept)
	r.Data = data
	return &r, err == nil && len(kept.Body) > 0
}

// only is what of a list names the brand, or is it; nil if nothing does.
func (p *Part) only(list json.RawMessage) json.RawMessage {
	var all []json.RawMessage
	if json.Unmarshal(list, &all) != nil {
		return nil
	}
	all = slices.DeleteFunc(all, func(one json.RawMessage) bool { return namedIn(one).Brand != p.brand && namedIn(one).ID != p.brand })
	data, err := json.Marshal(all)
	if err != nil || len(all) == 0 {
		return nil
	}
	return data
}

// note notes the digests that a record names.
func (p *Part) note(data []byte) {
	var value any
	if json.Unmarshal(data, &value) == nil {
		p.noteIn(value)
	}
}

func (p *Part) noteIn(value any) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			p.noteIn(one)
		}
	case map[string]any:
		if digest, ok := v["digest"].(string); ok {
			p.files[digest] = true
		}
		for _, one := range v {
			p.noteIn(one)
		}
	}
}

// takes says whether a record is the brand's: it names the brand, its ID begins
// with it, or it is where a card of the brand hangs.
func (p *Part) takes(r Record) bool {
	if brand := brandOf(r.Data); brand != "" {
		return brand == p.brand
	}
	card, _, _ := strings.Cut(r.ID, "|")
	return strings.HasPrefix(r.ID, p.brand+"/") || r.Kind == "place" && p.kept[card]
}

// brandOf is the brand that a record names in its body.
func brandOf(data json.RawMessage) string {
	var envelope struct {
		Body json.RawMessage `json:"body"`
	}
	if json.Unmarshal(data, &envelope) != nil {
		return ""
	}
	return brandIn(envelope.Body)
}

func brandIn(data []byte) string { return namedIn(data).Brand }

// named is what a thing says that it is, and of which brand.
type named struct {
	ID    string `json:"id"`
	Brand string `json:"brand"`
}

func namedIn(data []byte) named {
	var n named
	if json.Unmarshal(data, &n) != nil {
		return named{}
	}
	return n
}
