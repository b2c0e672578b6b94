package archive

import (
	"encoding/json"
	"strings"

	"crieur/bot/audit"
)

// Part chooses what of a space is one brand's. It is asked about the lines in
// their order: what refers to something comes after it.
type Part struct {
	brand string
	kept  map[string]bool // IDs of the records of the part
	named map[string]bool // who is named in its part of the trail, veiled
}

// NewPart returns the part of a brand.
func NewPart(brand string) *Part {
	return &Part{brand: brand, kept: map[string]bool{}, named: map[string]bool{}}
}

// Take returns what of a line is the brand's; ok is false if nothing is. Of the
// trail every link is, so that the chain holds, and those of others are excerpts.
func (p *Part) Take(line Line) (taken Line, ok bool) {
	switch {
	case line.Record != nil:
		ok = p.takes(*line.Record)
		if ok {
			p.kept[line.Record.ID] = true
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

func brandIn(data []byte) string {
	var named struct {
		Brand string `json:"brand"`
	}
	if json.Unmarshal(data, &named) != nil {
		return ""
	}
	return named.Brand
}
