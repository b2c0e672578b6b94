package archive_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"crieur/bot/archive"
	"crieur/bot/audit"
	"crieur/bot/content"
	"crieur/bot/work"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func record(kind, id, body string) archive.Line {
	return archive.Line{Record: &archive.Record{Kind: kind, ID: id, Rev: 3, Data: json.RawMessage(`{"schema":1,"body":` + body + `}`)}}
}

func sample() []archive.Line {
	return []archive.Line{
		{Header: &archive.Header{Version: archive.Version, Space: "s", At: noon}},
		record("draft", "d1", `{"text":"é < \" & \n"}`),
		{Mark: &archive.Mark{Index: "drafts:noa", Member: "d1", Score: noon.UnixMilli()}},
		{Due: &archive.Due{Key: "k", At: noon, Item: work.Item{ID: "i", Topic: "t", Data: []byte("d1")}}},
		{Item: &work.Item{ID: "hear:1", Topic: "hear", Data: []byte(`{"brand":"b"}`), At: noon}},
		{Cause: &archive.Cause{ID: "hear:b:1", Done: "3:", Keep: time.Hour}},
		{Link: &audit.Link{N: 1, Entry: json.RawMessage(`{"seq":1}`), Digest: "d", Hash: "h"}},
		{Salt: &archive.Salt{Person: "noa", Salt: "s"}},
		picture("a tin"),
	}
}

func picture(shows string) archive.Line {
	data := []byte(shows + "\x00\xff")
	return archive.Line{File: &archive.File{Digest: content.Digest(data), Keep: time.Hour, Data: data}}
}

func written(t testing.TB, lines []archive.Line) string {
	t.Helper()
	var out bytes.Buffer
	w := archive.NewWriter(&out)
	for _, line := range lines {
		if err := w.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(7); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := append(sample(), archive.Line{End: &archive.End{Seq: 7, Lines: 9}})
	var got []archive.Line
	for line, err := range archive.Read(strings.NewReader(written(t, sample()))) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, line)
	}
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d", len(got), len(want))
	}
	for i := range want {
		a, _ := json.Marshal(got[i])
		b, _ := json.Marshal(want[i])
		if string(a) != string(b) {
			t.Errorf("line %d: %s\nwant %s", i+1, a, b)
		}
	}
	links := 0
	for link, err := range archive.Links(archive.Read(strings.NewReader(written(t, sample())))) {
		if err != nil || link.N != 1 {
			t.Errorf("%+v, %v", link, err)
		}
		links++
	}
	if links != 1 {
		t.Errorf("%d links", links)
	}
}

func TestWhatIsNoArchive(t *testing.T) {
	whole := written(t, sample())
	rows := strings.SplitAfter(strings.TrimSpace(whole), "\n")
	for name, test := range map[string]struct {
		text string
		want error
		says string
	}{
		"nothing":            {"", archive.ErrCut, ""},
		"cut at a line":      {strings.Join(rows[:5], ""), archive.ErrCut, ""},
		"cut in a line":      {whole[:len(whole)/2], archive.ErrFormat, ""},
		"a line taken out":   {strings.Join(append(rows[:3:3], rows[4:]...), ""), archive.ErrFormat, "9 lines were written, 8 are here"},
		"something after it": {whole + rows[1], archive.ErrFormat, "line 11: "},
		"no header":          {strings.Join(rows[1:], ""), archive.ErrFormat, "line 1: "},
		"two headers":        {rows[0] + whole, archive.ErrFormat, "line 2: "},
		"another version":    {strings.Replace(whole, `"version":1`, `"version":2`, 1), archive.ErrFormat, "version 2"},
		"an unknown field":   {strings.Replace(whole, `"score"`, `"secret"`, 1), archive.ErrFormat, "line 3: "},
		"two things at once": {rows[0] + `{"end":{},"salt":{}}`, archive.ErrFormat, "one thing"},
		"two on a line":      {rows[0] + `{"end":{"lines":1}}{}`, archive.ErrFormat, "one thing"},
		"no JSON":            {"hello", archive.ErrFormat, ""},
		"another picture":    {strings.Replace(whole, `"data":"YSB0`, `"data":"YSB1`, 1), archive.ErrFormat, "is not as it was"},
	} {
		var got error
		for _, err := range archive.Read(strings.NewReader(test.text)) {
			got = err
		}
		if !errors.Is(got, test.want) || !strings.Contains(got.Error(), test.says) {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, err := range archive.Links(archive.Read(strings.NewReader("x"))) {
		if !errors.Is(err, archive.ErrFormat) {
			t.Error(err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriterSaysThatItCannot(t *testing.T) {
	w := archive.NewWriter(full{})
	if err := w.Close(1); err == nil {
		t.Error("nothing was written, and nothing said")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, sample()))
	f.Add(`{"crieur":{"version":1,"space":"s","at":"2026-11-26T12:00:00Z"}}` + "\n" + `{"end":{"seq":0,"lines":1}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var lines []archive.Line
		for line, err := range archive.Read(strings.NewReader(text)) {
			if err != nil {
				return
			}
			lines = append(lines, line)
		}
		// what is read is written back as the same archive
		var again []archive.Line
		for line, err := range archive.Read(strings.NewReader(written(t, lines[:len(lines)-1]))) {
			if err != nil {
				t.Fatal(err)
			}
			again = append(again, line)
		}
		if len(again) != len(lines) {
			t.Fatalf("%d lines became %d", len(lines), len(again))
		}
	})
}

func link(n int64, brand string, salts audit.Salts, who string) archive.Line {
	entry, _ := json.Marshal(audit.Sealed{Seq: n, Entry: audit.Entry{What: "x", Brand: brand, Who: salts.Veil(who)}})
	return archive.Line{Link: &audit.Link{N: n, Entry: entry, Digest: "d", Hash: "h"}}
}

func TestPartOfABrand(t *testing.T) {
	salts := audit.Salts{"noa": "1", "morgan": "2"}
	item := func(data, conversation string) archive.Line {
		return archive.Line{Item: &work.Item{ID: "i", Conversation: conversation, Data: []byte(data)}}
	}
	due := func(data, conversation string) archive.Line {
		return archive.Line{Due: &archive.Due{Key: "k", Item: work.Item{Conversation: conversation, Data: []byte(data)}}}
	}
	mark := func(index, member string) archive.Line {
		return archive.Line{Mark: &archive.Mark{Index: index, Member: member}}
	}
	part := archive.NewPart("thes")
	for i, test := range []struct {
		line archive.Line
		want bool
	}{
		{archive.Line{Header: &archive.Header{Version: 1, Space: "s"}}, true},
		{record("card", "case/c1", `{"brand":"thes"}`), true},
		{record("card", "case/c2", `{"brand":"cafes"}`), false},
		{record("day", "thes/2026-11-26", `{"heard":3}`), true},
		{record("day", "cafes/2026-11-26", `{"heard":3}`), false},
		{record("draft", "d1", `{"brand":"thes"}`), true},
		{record("draft", "thes/d3", `{"brand":"cafes"}`), false},
		{record("hold", "all", `{"active":true}`), false},
		{record("place", "case/c1|slack:T:C|0", `{}`), true},
		{record("place", "case/c2|slack:T:C|0", `{}`), false},
		{record("odd", "x", `[]`), false},
		{mark("drafts:noa", "d1"), true},
		{mark("drafts:noa", "d2"), false},
		{mark("stories:thes", "s1"), true},
		{mark("stories:cafes", "s2"), false},
		{due("d1", ""), true},
		{due("", "d1"), true},
		{due("thes", ""), true},
		{due("d2", "r2"), false},
		{item(`{"brand":"thes"}`, ""), true},
		{item(`{"brand":"cafes"}`, ""), false},
		{item(`{}`, "d1"), true},
		{item(`not JSON`, "x"), false},
		{archive.Line{Cause: &archive.Cause{ID: "hear:thes:1"}}, true},
		{archive.Line{Cause: &archive.Cause{ID: "observe:thes:1"}}, true},
		{archive.Line{Cause: &archive.Cause{ID: "hear:cafes:1"}}, false},
		{archive.Line{Cause: &archive.Cause{ID: "due:x"}}, false},
		{link(1, "thes", salts, "noa"), true},
		{link(2, "cafes", salts, "morgan"), true},
		{archive.Line{Salt: &archive.Salt{Person: "morgan", Salt: "2"}}, false},
		{archive.Line{Salt: &archive.Salt{Person: "noa", Salt: "1"}}, true},
	} {
		got, ok := part.Take(test.line)
		if ok != test.want {
			t.Errorf("%d: taken %v", i, ok)
		}
		switch {
		case got.Header != nil && (got.Header.Brand != "thes" || test.line.Header.Brand != ""):
			t.Error("the header does not name the brand, or the line given was changed")
		case got.Link != nil && (got.Link.Entry == nil) != (got.Link.N == 2):
			t.Errorf("link %d: %s", got.Link.N, got.Link.Entry)
		}
	}
}

// Of the team's record a part has what was set up and added for its brand.
func TestPartOfTheTeam(t *testing.T) {
	team := record(archive.Team, "space", `{"members":["noa"],"brands":[{"id":"thes","policy":{"Ask":["noa"]}},{"id":"cafes"}],`+
		`"themes":[{"brand":"cafes","id":"thes2"},{"brand":"thes","id":"x","words":["a","b"]}],"names":[{"brand":"cafes","id":"v1"}]}`)
	for brand, want := range map[string]string{
		"thes":  `{"schema":1,"body":{"brands":[{"id":"thes","policy":{"Ask":["noa"]}}],"themes":[{"brand":"thes","id":"x","words":["a","b"]}]}}`,
		"cafes": `{"schema":1,"body":{"brands":[{"id":"cafes"}],"themes":[{"brand":"cafes","id":"thes2"}],"names":[{"brand":"cafes","id":"v1"}]}}`,
		"none":  "",
	} {
		got, ok := archive.NewPart(brand).Take(team)
		if ok != (want != "") || ok && (!same(t, string(got.Record.Data), want) || got.Record.Rev != team.Record.Rev) {
			t.Errorf("%s: %v, %s", brand, ok, got.Record.Data)
		}
	}
	if data := string(team.Record.Data); !strings.Contains(data, "noa") || !strings.Contains(data, "names") {
		t.Errorf("the record given was changed: %s", data)
	}
	if _, ok := archive.NewPart("thes").Take(archive.Line{Record: &archive.Record{Kind: archive.Team, Data: json.RawMessage("[")}}); ok {
		t.Error("taken of what is no JSON")
	}
}

// A part has the pictures that its records name, wherever they name them.
func TestPartHasItsPictures(t *testing.T) {
	tin, cup, pot := picture("a tin"), picture("a cup"), picture("a pot")
	part := archive.NewPart("thes")
	for _, line := range []archive.Line{
		record("draft", "d1", `{"brand":"thes","media":[{"digest":"`+tin.File.Digest+`","light":{"digest":"`+cup.File.Digest+`"}}]}`),
		record("draft", "d2", `{"brand":"cafes","media":[{"digest":"`+pot.File.Digest+`"}]}`),
	} {
		part.Take(line)
	}
	for i, test := range []struct {
		line archive.Line
		want bool
	}{{tin, true}, {cup, true}, {pot, false}} {
		if _, ok := part.Take(test.line); ok != test.want {
			t.Errorf("picture %d: taken %v", i, ok)
		}
	}
}

func TestDossierOfAnAuthor(t *testing.T) {
	d := &archive.Dossier{Author: "@Marie.D"}
	for i, test := range []struct {
		line archive.Line
		want bool
	}{
		{record("case", "c1", `{"author":"@marie.d","story":"s1","owner":"noa"}`), true},
		{record("case", "c2", `{"author":"@tom","story":"s2"}`), false},
		{record("case", "c3", `{"author":""}`), false},
		{record("draft", "d1", `{"author":"marie.d"}`), false}, // a member
		{record("reply", "r1", `{"case":"c1","by":"noa"}`), true},
		{record("reply", "r2", `{"case":"c2","by":"noa"}`), false},
		{record("story", "s1", `{"text":"x"}`), true},
		{record("story", "s2", `{"text":"x"}`), false},
		{record("story", "s3", `{"text":"x","case":"c1"}`), true}, // an earlier one of the conversation
		{record("story", "s4", `{"text":"x","case":"c2"}`), false},
		{record("theme", "b/t/d", `[]`), false},
		{record("moderation", "m1", `{"evidence":{"said_by":"marie.d"},"acts":[{"by":"noa"}]}`), true},
		{record("moderation", "m2", `{"evidence":{"said_by":"@tom"}}`), false},
		{record("moderation", "m3", `{"evidence":{}}`), false},
	} {
		if got := d.Takes(*test.line.Record); got != test.want {
			t.Errorf("%d: %s/%s: %v", i, test.line.Record.Kind, test.line.Record.ID, got)
		}
	}
	for id, want := range map[string]bool{"c1": true, "c2": false, "m1": true, "m2": false, "": false, "noa": false} {
		if d.Knows(id) != want {
			t.Errorf("knows %q: %v", id, !want)
		}
	}
}

func TestDossierOfAMember(t *testing.T) {
	d := &archive.Dossier{Member: "noa"}
	for i, test := range []struct {
		line archive.Line
		want bool
	}{
		{record("draft", "d1", `{"author":"noa"}`), true},
		{record("draft", "d2", `{"author":"Noa","title":"noa"}`), false},
		{record("round", "noa", `{"queue":[]}`), true},
		{record("card", "round/noa", `{}`), true},
		{record("card", "round/manoa", `{}`), false},
		{record("faded", "token", `{"view":"round","subject":"noa"}`), true},
		{record("faded", "token", `{"view":"reminder","subject":"noa/2026-11-26/1"}`), true},
		{record("reminder", "noa/2026-11-26/1", `{"cases":["c1"]}`), true},
		{record("card", "handed/noa/c1", `{}`), true},
		{record("day", "noa/2026-11-26", `{}`), false}, // of a brand of that name
		{record("faded", "token", `{"view":"case","subject":"manoa"}`), false},
		{record("request", "q", `{"policy":{"Approvers":["morgan","noa"]}}`), true},
		{record("request", "q", `{"decisions":[{"member":"noa","accounts":["x"]}]}`), true},
		{record("case", "c1", `{"author":"noa","owner":"morgan"}`), false}, // somebody of that name
		{record("case", "c1", `{"author":"@tom","owner":"noa"}`), true},
	} {
		if got := d.Takes(*test.line.Record); got != test.want {
			t.Errorf("%d: %v", i, got)
		}
	}
	if !d.Knows("noa") || d.Knows("") || d.Knows("morgan") {
		t.Error("knows somebody else")
	}
}

func TestRename(t *testing.T) {
	from := record("case", "c", `{"author":"noa","owner":"noa","n":1763800000000000001,"accounts":["noa"],"heard":[{"text":"noa","by":"noa"}]}`).Record
	got, err := from.Rename("noa", "former")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"schema":1,"body":{"author":"noa","owner":"former","n":1763800000000000001,"accounts":["noa"],"heard":[{"text":"noa","by":"former"}]}}`
	if !same(t, string(got.Data), want) || !strings.Contains(string(got.Data), "1763800000000000001") {
		t.Errorf("%s", got.Data)
	}
	if same, err := from.Rename("nobody", "x"); err != nil || string(same.Data) != string(from.Data) {
		t.Errorf("%s, %v", same.Data, err)
	}
	if _, err := (archive.Record{Data: json.RawMessage("{")}).Rename("a", "b"); err == nil {
		t.Error("renamed in what is no JSON")
	}
}

func same(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		t.Fatal(fmt.Sprint("no JSON: ", a, b))
	}
	return reflect.DeepEqual(x, y)
}
