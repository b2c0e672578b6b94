package slack

import (
	"encoding/json"
	"testing"
)

// TestQuoteOf reads what other applications post, and what people forward: a shortcut
// on it has something to go by.
func TestQuoteOf(t *testing.T) {
	for name, row := range map[string]struct{ message, want string }{
		"words": {`{"text":"Bravo &amp; merci <https://a.test|ici>","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"twice"}}]}`,
			"Bravo & merci https://a.test"},
		"rich text alone": {`{"text":"","blocks":[{"type":"rich_text","elements":[
			{"type":"rich_text_section","elements":[{"type":"text","text":"Deux semaines "},{"type":"emoji","name":"rage"},{"type":"link","url":"https://a.test"}]},
			{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"un"}]},
				{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"}]}]},
			{"type":"rich_text_quote","elements":[{"type":"text","text":"a &lt; b"}]}]}]}`,
			"Deux semaines :rage:https://a.test\nun\n@U1\na < b"},
		"an alert of another application": {`{"text":"","attachments":[{"fallback":"Alerte: avis 1/5","pretext":"Nouvel avis","title":"Une étoile",
			"text":"Colis &amp; thé abîmés","fields":[{"title":"Auteur","value":"Marie"},{"title":"Vide","value":""}],"ts":1}]}`,
			"Nouvel avis\nUne étoile\nColis & thé abîmés\nAuteur\nMarie\nVide"},
		"forwarded": {`{"text":" ","attachments":[{"is_msg_unfurl":true,"author_name":"Max","text":"Le thé est froid","fallback":"[…] Max: Le thé est froid",
			"message_blocks":[{"message":{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"Le thé est froid"}}]}}]}]}`, "Le thé est froid"},
		"forwarded blocks": {`{"attachments":[{"message_blocks":[{"team":"T","message":{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"Le thé est froid"}}]}}]}]}`,
			"Le thé est froid"},
		"only its short form":      {`{"attachments":[{"fallback":"Alerte"}]}`, "Alerte"},
		"buttons and pictures":     {`{"blocks":[{"type":"image","alt_text":"Une boîte","title":{"text":"T"}},{"type":"actions","elements":[{"type":"button","text":{"text":"Oui"}}]}]}`, ""},
		"a block of tomorrow":      {`{"blocks":[{"type":"of_tomorrow","elements":3},{"type":"section","text":{"type":"plain_text","text":"Bonjour"}}]}`, "Bonjour"},
		"nothing":                  {`{}`, ""},
		"not a list":               {`{"blocks":7,"attachments":{"text":["a",{"text":"b"}]}}`, "a\nb"},
		"a reference in its words": {`{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"<@U1> voir <#C1|com>"}}]}`, "@U1 voir #com"},
	} {
		t.Run(name, func(t *testing.T) {
			var in interaction
			if err := json.Unmarshal([]byte(`{"type":"message_action","callback_id":"a1:draft.quote:","action_ts":"1.2","message":`+row.message+`}`), &in); err != nil {
				t.Fatal(err)
			}
			e, _, ok := New(Options{Team: "T1"}, nil, nil).interactionEvent(in)
			if !ok || e.Quote != row.want {
				t.Errorf("reads %q, want %q", e.Quote, row.want)
			}
		})
	}
}
