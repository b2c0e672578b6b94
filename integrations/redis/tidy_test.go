package redis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/state"
)

func TestTidy(t *testing.T) {
	onEveryServer(t, func(t *testing.T, client goredis.UniversalClient) {
		s := storeOf(t, client, "s")
		for i := range 600 {
			id := fmt.Sprint("r", i)
			w := state.Write{Key: state.Key{Kind: "thing", ID: id}, Data: []byte("{}"), Index: []state.Mark{
				{Index: "things:b", Member: id, Score: int64(i)}, {Index: "odd", Member: id, Score: 1}}}
			if i%3 == 0 {
				w.Keep = time.Hour
			}
			if _, err := s.Commit(t.Context(), state.Commit{Cause: id, Now: at, Writes: []state.Write{w}}); err != nil {
				t.Fatal(err)
			}
		}
		kindOf := func(index string) string {
			if strings.HasPrefix(index, "things:") {
				return "thing"
			}
			return ""
		}
		if gone, err := s.Tidy(t.Context(), kindOf); err != nil || gone != 0 {
			t.Fatalf("%d went while all is there, %v", gone, err)
		}
		for i := 0; i < 600; i += 3 { // as when their hour has passed
			client.Del(t.Context(), fmt.Sprintf("cr:{s}:r:thing/r%d", i))
		}
		if gone, err := s.Tidy(t.Context(), kindOf); err != nil || gone != 200 {
			t.Errorf("%d went, %v; want 200", gone, err)
		}
		for index, want := range map[string]int{"things:b": 400, "odd": 600} {
			if left, err := s.List(t.Context(), state.Range{Index: index, From: 0, To: 1e9}); err != nil || len(left) != want {
				t.Errorf("%s: %d left, %v", index, len(left), err)
			}
		}
	})
}
