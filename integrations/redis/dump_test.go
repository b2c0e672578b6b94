package redis_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"crieur/bot"
	"crieur/bot/archive"
	"crieur/bot/audit"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

func onEveryServer(t *testing.T, test func(t *testing.T, client goredis.UniversalClient)) {
	for name, client := range map[string]func(t *testing.T) goredis.UniversalClient{
		"miniredis": func(t *testing.T) goredis.UniversalClient {
			return goredis.NewClient(&goredis.Options{Addr: miniredis.RunT(t).Addr()})
		},
		"server": func(t *testing.T) goredis.UniversalClient {
			return goredis.NewClient(&goredis.Options{Addr: redistest.Server(t)})
		},
		"cluster": func(t *testing.T) goredis.UniversalClient {
			return goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: redistest.Cluster(t, 3)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := client(t)
			t.Cleanup(func() { c.Close() })
			test(t, c)
		})
	}
}

func storeOf(t *testing.T, client goredis.UniversalClient, space string) *redis.Store {
	t.Helper()
	store, err := redis.NewStore(t.Context(), client, space)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func dumped(t *testing.T, s *redis.Store) (string, error) {
	t.Helper()
	var out bytes.Buffer
	w := archive.NewWriter(&out)
	if err := w.Write(archive.Line{Header: &archive.Header{Version: archive.Version, Space: "x"}}); err != nil {
		t.Fatal(err)
	}
	seq, err := s.Dump(t.Context(), w.Write)
	if err != nil {
		return "", err
	}
	if err := s.DumpFiles(t.Context(), w.Write); err != nil {
		return "", err
	}
	if err := w.Close(seq); err != nil {
		t.Fatal(err)
	}
	return out.String(), nil
}

// fill puts one of everything into a space.
func fill(t *testing.T, s *redis.Store) {
	t.Helper()
	for i := range 300 {
		id := fmt.Sprint("d", i)
		c := state.Commit{
			Cause: "cause" + id, Now: at, Result: []byte(`{"r":1}`),
			Writes: []state.Write{{Key: state.Key{Kind: "draft", ID: id}, Data: []byte(`{"schema":1,"body":{"text":"é | : \n"}}`),
				Index: []state.Mark{{Index: "drafts:noa", Member: id, Score: int64(i)}}}},
			Audit: []audit.Entry{{What: "draft.edited", Who: "noa", At: at}},
		}
		switch i {
		case 1:
			c.Dues = []work.Due{{Key: "later", At: at.Add(time.Hour), Item: work.Item{Conversation: "d1", Topic: "due:x", Data: []byte("d1")}}}
		case 2:
			c.Items = []work.Item{{ID: "hear:1", Conversation: "hear:b", Topic: "hear", Data: []byte(`{}`)},
				{ID: "click", Conversation: "c", Topic: bot.ChatTopic, Data: []byte(`{"secret":"response-url"}`)}}
		case 3:
			c.Effects = []outbox.Effect{{ID: "e#0", Kind: "answer", Destination: "d", Data: []byte(`{"secret":"response-url"}`)}}
		case 4:
			c.Writes = append(c.Writes, state.Write{Key: state.Key{Kind: "dead", ID: "x"}, Blind: true, Data: []byte("response-url"),
				Index: []state.Mark{{Index: "dead", Member: "x", Score: 1}}},
				state.Write{Key: state.Key{Kind: "story", ID: "s"}, Blind: true, Data: []byte(`{}`), Keep: 48 * time.Hour},
				state.Write{Key: state.Key{Kind: "linkcode", ID: "c"}, Blind: true, Data: []byte(`{"code":"response-url"}`), Keep: 10 * time.Minute})
		}
		if _, err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for _, shows := range []string{"a tin", "a cup"} {
		if _, err := s.Files().Put(t.Context(), []byte(shows+"\x00\xff")); err != nil {
			t.Fatal(err)
		}
	}
	if err := (&audit.Sealer{Trail: s, Personal: func(string, string) bool { return false }}).SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

var at = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func TestDumpAndRestore(t *testing.T) {
	onEveryServer(t, func(t *testing.T, client goredis.UniversalClient) {
		from, to := storeOf(t, client, "from[1]*"), storeOf(t, client, "to")
		fill(t, from)
		storeOf(t, client, "from[1]*other") // another space is not in it
		first, err := dumped(t, from)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(first, "response-url") || strings.Contains(first, "cmVzcG9uc2UtdXJs") {
			t.Error("what a chat application gave us for one answer is in it")
		}
		if err := to.Restore(t.Context(), archive.Read(strings.NewReader(first))); err != nil {
			t.Fatal(err)
		}
		if err := to.Ready(t.Context()); !errors.Is(err, redis.ErrRestoring) {
			t.Errorf("it may be worked with before it was opened: %v", err)
		}
		if err := to.Restored(t.Context()); err != nil {
			t.Fatal(err)
		}
		second, err := dumped(t, to)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := timeless(first), timeless(second); a != b {
			t.Errorf("what was restored is not what was dumped:\n%s", firstDifference(a, b))
		}
		report, err := audit.Verify(to.Chain(t.Context()), audit.Expect{})
		if err != nil || report.Links != 300 {
			t.Errorf("%+v, %v", report, err)
		}
		worksOn(t, to)
		if err := to.Restore(t.Context(), archive.Read(strings.NewReader(first))); !errors.Is(err, redis.ErrNotEmpty) {
			t.Errorf("restored over something: %v", err)
		}
	})
}

// worksOn does what a process does with a space: records have their revisions,
// causes are remembered, what is due comes, what waited is read.
func worksOn(t *testing.T, s *redis.Store) {
	t.Helper()
	records, err := s.Get(t.Context(), state.Key{Kind: "draft", ID: "d7"})
	if err != nil || records[0].Rev != 8 {
		t.Fatalf("%+v, %v", records, err)
	}
	outcome, err := s.Commit(t.Context(), state.Commit{Cause: "caused7", Now: at})
	if err != nil || !outcome.Repeated || string(outcome.Result) != `{"r":1}` {
		t.Errorf("a cause was forgotten: %+v, %v", outcome, err)
	}
	outcome, err = s.Commit(t.Context(), state.Commit{Cause: "new", Now: at,
		Writes: []state.Write{{Key: records[0].Key, Rev: records[0].Rev, Data: []byte(`{}`)}}})
	if err != nil || outcome.Seq != 301 {
		t.Errorf("%+v, %v", outcome, err)
	}
	if moved, _, err := s.MoveDue(t.Context(), at.Add(2*time.Hour), 10); err != nil || moved != 1 {
		t.Errorf("%d were due, %v", moved, err)
	}
	all := []work.Lane{work.LaneOf(work.In, "hear:b"), work.LaneOf(work.In, "d1")}
	read := map[string]bool{}
	for len(read) < 2 {
		entries, err := s.Read(t.Context(), all, 10, time.Second)
		if err != nil || len(entries) == 0 {
			t.Fatalf("read %v, %v", read, err)
		}
		for _, entry := range entries {
			read[entry.Topic] = true
		}
	}
	if !read["hear"] || !read["due:x"] {
		t.Errorf("read %v", read)
	}
}

// timeless is an archive without how long things stay, which shrinks.
func timeless(text string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		before, after, found := strings.Cut(line, `"keep":`)
		out.WriteString(before)
		if found {
			out.WriteString(`"keep":` + strings.TrimLeft(after, "0123456789"))
		}
		out.WriteString("\n")
	}
	return out.String()
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	return fmt.Sprintf("%d lines, %d lines", len(x), len(y))
}

// cutOff yields lines of an archive and then an error.
func cutOff(text string, after int) iter.Seq2[archive.Line, error] {
	return func(yield func(archive.Line, error) bool) {
		for line, err := range archive.Read(strings.NewReader(text)) {
			if after--; after < 0 {
				yield(archive.Line{}, archive.ErrCut)
				return
			}
			if !yield(line, err) {
				return
			}
		}
	}
}

// An archive that ends too early leaves nothing.
func TestRestoreCutOff(t *testing.T) {
	onEveryServer(t, func(t *testing.T, client goredis.UniversalClient) {
		from, to := storeOf(t, client, "from"), storeOf(t, client, "to")
		fill(t, from)
		text, err := dumped(t, from)
		if err != nil {
			t.Fatal(err)
		}
		if err := to.Restore(t.Context(), cutOff(text, 700)); !errors.Is(err, archive.ErrCut) {
			t.Fatal(err)
		}
		if left, err := dumped(t, to); err != nil || strings.Count(left, "\n") != 2 {
			t.Errorf("left %s, %v", left, err)
		}
		if err := to.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A process that is killed leaves a space that nobody works with, and the next
// import begins anew.
func TestRestoreKilled(t *testing.T) {
	addr := miniredis.RunT(t).Addr()
	connect := func() goredis.UniversalClient { return goredis.NewClient(&goredis.Options{Addr: addr}) }
	heir, mortal := connect(), connect()
	t.Cleanup(func() { heir.Close() })
	from := storeOf(t, heir, "from")
	fill(t, from)
	text, err := dumped(t, from)
	if err != nil {
		t.Fatal(err)
	}
	err = storeOf(t, mortal, "to").Restore(t.Context(), func(yield func(archive.Line, error) bool) {
		for line, err := range cutOff(text, 600) {
			if err != nil {
				mortal.Close()
			}
			yield(line, err)
		}
	})
	if err == nil {
		t.Fatal("restored by the dead")
	}
	to := storeOf(t, heir, "to")
	if err := to.Ready(t.Context()); !errors.Is(err, redis.ErrRestoring) {
		t.Errorf("half an archive is worked with: %v", err)
	}
	if err := to.Restore(t.Context(), archive.Read(strings.NewReader(text))); err != nil {
		t.Fatal(err)
	}
	if again, err := dumped(t, to); err != nil || timeless(again) != timeless(text) {
		t.Errorf("%v: %s", err, firstDifference(timeless(again), timeless(text)))
	}
}

// What was due when Redis was put back counts as tried: it is looked for.
func TestDoubt(t *testing.T) {
	onEveryServer(t, func(t *testing.T, client goredis.UniversalClient) {
		s := storeOf(t, client, "s")
		for i, doubt := range []bool{false, true} {
			e := outbox.Effect{ID: fmt.Sprint("e#", i), Kind: "publish", Destination: "d", Public: true, Due: at}
			if _, err := s.Commit(t.Context(), state.Commit{Cause: e.ID, Now: at, Effects: []outbox.Effect{e}}); err != nil {
				t.Fatal(err)
			}
			if held, err := s.Lease(t.Context(), e.Lane(), "me"); err != nil || !held {
				t.Fatal(held, err)
			}
			want := outbox.Waiting
			if doubt {
				want = outbox.Armed
				if err := s.Doubt(t.Context(), at.Add(time.Minute)); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := s.Arm(t.Context(), e, "me", at.Add(2*time.Minute)); err != nil || got != want {
				t.Errorf("doubted %v: armed from %s, %v", doubt, got, err)
			}
		}
	})
}

// A picture comes back with its bytes, under its digest; one that the store no
// longer has as it was is not exported as if it were.
func TestDumpFiles(t *testing.T) {
	onEveryServer(t, func(t *testing.T, client goredis.UniversalClient) {
		from, to := storeOf(t, client, "from"), storeOf(t, client, "to")
		large := bytes.Repeat([]byte{0, 0xff, '"', '\n'}, content.MaxFile/4)
		digest, err := from.Files().Put(t.Context(), large)
		if err != nil {
			t.Fatal(err)
		}
		text, err := dumped(t, from)
		if err != nil || len(text) > content.MaxFile*3/2 {
			t.Fatalf("%d bytes, %v", len(text), err)
		}
		if err := to.Restore(t.Context(), archive.Read(strings.NewReader(text))); err != nil {
			t.Fatal(err)
		}
		back, err := to.Files().Open(t.Context(), digest)
		if err != nil {
			t.Fatal(err)
		}
		defer back.Close()
		if got, err := io.ReadAll(back); err != nil || !bytes.Equal(got, large) {
			t.Errorf("%d bytes came back of %d, %v", len(got), len(large), err)
		}
		keys, err := client.Keys(t.Context(), "*from*f:*").Result()
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			if err := client.Set(t.Context(), key, "something else", time.Hour).Err(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := dumped(t, from); len(keys) > 0 && err == nil {
			t.Error("another picture is exported under its digest")
		}
	})
}

// A commit in the middle of a dump makes it worth nothing.
func TestDumpOfWhatMoves(t *testing.T) {
	client := goredis.NewClient(&goredis.Options{Addr: miniredis.RunT(t).Addr()})
	t.Cleanup(func() { client.Close() })
	s := storeOf(t, client, "s")
	fill(t, s)
	lines := 0
	_, err := s.Dump(t.Context(), func(archive.Line) error {
		if lines++; lines == 10 {
			_, err := s.Commit(context.Background(), state.Commit{Cause: "meanwhile", Now: at})
			return err
		}
		return nil
	})
	if !errors.Is(err, redis.ErrMoving) {
		t.Errorf("%v", err)
	}
	stop := errors.New("disk full")
	if _, err := s.Dump(t.Context(), func(archive.Line) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}
