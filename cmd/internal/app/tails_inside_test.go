package app

import (
	"reflect"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/state/statetest"
	"crieur/integrations/chat/slack"
)

func TestTails(t *testing.T) {
	kept := tails{statetest.NewMem(), func() time.Time { return time.Unix(1, 0) }}
	one, other := board.Place{Channel: "C1", Message: "1.1"}, board.Place{Channel: "C1", Message: "1.2"}
	for _, tail := range []slack.Tail{
		{Saying: true}, {Messages: []string{"2.1"}}, {Messages: []string{"2.1", "2.2"}, Digest: "d"}, {Digest: "only a file"}, {}, {},
	} {
		if err := kept.KeepTail(t.Context(), one, tail); err != nil {
			t.Fatal(err)
		}
		for place, want := range map[board.Place]slack.Tail{one: tail, other: {}} {
			if got, err := kept.Tail(t.Context(), place); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s has %+v, %v", place.Message, got, err)
			}
		}
	}
}
