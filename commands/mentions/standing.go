package mentions

import "encoding/json"

// PlannedReply says whether a record, as it is kept, is a reply that is still to
// leave by itself.
func PlannedReply(kind string, data []byte) bool {
	var kept struct {
		Body Reply `json:"body"`
	}
	return kind == replies.Kind && json.Unmarshal(data, &kept) == nil && kept.Body.Status == "planned"
}
