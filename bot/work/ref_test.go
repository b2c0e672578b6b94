package work_test

import (
	"strings"
	"testing"

	"crieur/bot/work"
)

func TestRef(t *testing.T) {
	seen := map[string]bool{}
	for _, cause := range []string{"", "a", "b", "slack:ev:1", strings.Repeat("x", 5000)} {
		ref := work.Ref(cause)
		if len(ref) != 4 || strings.ContainsAny(ref, "IO01") || ref != work.Ref(cause) || seen[ref] {
			t.Errorf("Ref(%.20q) = %q", cause, ref)
		}
		seen[ref] = true
	}
}
