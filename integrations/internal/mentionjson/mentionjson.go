// Package mentionjson reads one mention written as a JSON object, the shape
// that the inbound hook and the replay share:
//
//	{"id":"1","time":"2026-11-26T08:00:00Z","text":"…","author":"@marie.d",
//	 "author_id":"1784…","url":"https://…","lang":"fr","network":"Instagram","reply_to":"…","ref":"…","private":true}
//
// Only the text is required everywhere. It says which field is wrong and what
// was wanted; it neither reads lines nor knows who signed them.
package mentionjson

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot/listen"
	"crieur/integrations/internal/plain"
)

const (
	// MaxText is the longest text, in runes; a longer one is refused, not cut.
	MaxText = 20_000
	// maxField is the longest of every other field, in bytes.
	maxField = 2_000
	// MaxAhead is how far in the future a time may be: clocks differ.
	MaxAhead = 5 * time.Minute
)

// Options say how to read.
type Options struct {
	// Source and Network are those of a mention that does not say; Prefix starts
	// its identifier ("hook:shop:").
	Source, Network, Prefix string
	// Strict refuses fields that are not in the shape.
	Strict bool
	// NeedTime refuses a mention without a time; else Now stands for it. Times
	// after Now by more than MaxAhead are refused, unless Now is zero.
	NeedTime bool
	Now      time.Time
}

// Problem names what is wrong with one mention.
type Problem struct {
	Field string // empty: the object itself
	Want  string
}

func (p *Problem) Error() string {
	if p.Field == "" {
		return "want " + p.Want
	}
	return fmt.Sprintf("%s: want %s", p.Field, p.Want)
}

type object struct {
	ID      json.RawMessage `json:"id"`
	Time    *string         `json:"time"`
	Brand   string          `json:"brand"`
	Text    *string         `json:"text"`
	Author  string          `json:"author"`
	ByID    string          `json:"author_id"`
	URL     string          `json:"url"`
	Lang    string          `json:"lang"`
	Network string          `json:"network"`
	ReplyTo string          `json:"reply_to"`
	Ref     string          `json:"ref"`
	Private bool            `json:"private"`
}

// Decode reads one object. The brand is a field of recordings only: a strict
// reader refuses it, because its source says whom it is about. Errors are
// *Problem.
func Decode(raw []byte, o Options) (m listen.Mention, brand string, err error) {
	in, err := decode(raw, o.Strict)
	if err != nil {
		return m, "", err
	}
	if in.Text == nil || plain.Text(*in.Text) == "" {
		return m, "", &Problem{"text", "words"}
	}
	if utf8.RuneCountInString(*in.Text) > MaxText {
		return m, "", &Problem{"text", fmt.Sprintf("at most %d characters", MaxText)}
	}
	id, err := identifier(in.ID, raw)
	if err != nil {
		return m, "", err
	}
	at, err := when(in.Time, o)
	if err != nil {
		return m, "", err
	}
	if err := fields(in); err != nil {
		return m, "", err
	}
	m = listen.Mention{ID: o.Prefix + id, Source: o.Source, Network: o.Network, Author: plain.Text(in.Author), AuthorID: in.ByID, Text: plain.Text(*in.Text),
		Lang: strings.ToLower(in.Lang), URL: in.URL, At: at, ReplyTo: in.ReplyTo, Ref: in.Ref, Private: in.Private}
	if in.Network != "" {
		m.Network = plain.Text(in.Network)
	}
	return m, plain.Text(in.Brand), nil
}

func decode(raw []byte, strict bool) (object, error) {
	var in object
	if !utf8.Valid(raw) {
		return in, &Problem{"", "UTF-8"}
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if strict {
		decoder.DisallowUnknownFields()
	}
	if trimmed := bytes.TrimSpace(raw); len(trimmed) == 0 || trimmed[0] != '{' {
		return in, &Problem{"", "a JSON object"}
	}
	if err := decoder.Decode(&in); err != nil {
		return in, problem(err)
	}
	if decoder.More() {
		return in, &Problem{"", "one JSON object alone"}
	}
	if strict && in.Brand != "" {
		return in, &Problem{"brand", "no such field"}
	}
	return in, nil
}

// problem names the field of a decoding error.
func problem(err error) *Problem {
	if typed, ok := err.(*json.UnmarshalTypeError); ok && typed.Field != "" { //nolint:errorlint // Decode returns it bare
		return &Problem{typed.Field, typed.Type.String()}
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		return &Problem{strings.Trim(name, `"`), "no such field"}
	}
	return &Problem{"", "a JSON object"}
}

// identifier returns the sender's id, a string or a number, else the digest of
// what was sent.
func identifier(given, raw []byte) (string, error) {
	var text string
	var number json.Number
	switch {
	case len(given) == 0 || string(given) == "null" || string(given) == `""`:
		sum := sha256.Sum256(bytes.TrimSpace(raw))
		return hex.EncodeToString(sum[:]), nil
	case json.Unmarshal(given, &text) == nil && len(text) <= maxField:
		return text, nil
	case given[0] != '"' && json.Unmarshal(given, &number) == nil:
		return number.String(), nil
	}
	return "", &Problem{"id", "a string or a number"}
}

func when(given *string, o Options) (time.Time, error) {
	if given == nil {
		if o.NeedTime {
			return time.Time{}, &Problem{"time", "a time such as 2026-11-26T08:00:00Z"}
		}
		return o.Now.UTC(), nil
	}
	at, err := time.Parse(time.RFC3339, *given)
	switch {
	case err != nil:
		return time.Time{}, &Problem{"time", "a time such as 2026-11-26T08:00:00Z"}
	case !o.Now.IsZero() && at.After(o.Now.Add(MaxAhead)):
		return time.Time{}, &Problem{"time", "a time that has come"}
	}
	return at.UTC(), nil
}

// fields checks the rest.
func fields(in object) error {
	for _, f := range []struct{ name, value string }{{"brand", in.Brand}, {"author", in.Author}, {"author_id", in.ByID}, {"url", in.URL},
		{"network", in.Network}, {"reply_to", in.ReplyTo}, {"ref", in.Ref}} {
		if len(f.value) > maxField {
			return &Problem{f.name, fmt.Sprintf("at most %d bytes", maxField)}
		}
	}
	if in.Lang != "" && (len(in.Lang) < 2 || len(in.Lang) > 35 || strings.ContainsFunc(in.Lang, notTag)) {
		return &Problem{"lang", "a language such as fr"}
	}
	if in.URL != "" {
		u, err := url.Parse(in.URL)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
			return &Problem{"url", "a web address"}
		}
	}
	return nil
}

func notTag(r rune) bool {
	return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}
