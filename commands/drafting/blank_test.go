package drafting

import "testing"

func TestBlank(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, " \n\t": true, "\u00a0\u202f": true, "\u200b\u200d\ufeff": true, "\ufe0f": true,
		"thé": false, "🍵": false, ".": false, "\u200ba": false,
	} {
		if got := blank(text); got != want {
			t.Errorf("blank(%q) = %v", text, got)
		}
	}
}
