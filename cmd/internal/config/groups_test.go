package config_test

import (
	"reflect"
	"strings"
	"testing"

	"crieur/bot/brand"
)

// grouped is the example with its groups in force.
func grouped(t *testing.T) string {
	return strings.NewReplacer("# groups:", "groups:", "#   - slack: S", "  - slack: S", "#   - discord: \"44", "  - discord: \"44",
		"#     roles: ", "    roles: ").Replace(example(t))
}

func TestGroups(t *testing.T) {
	c, err := parse(grouped(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []brand.Group{
		{Platform: "slack", Team: c.Slack.Team, ID: "S0000000001", Roles: []brand.Role{brand.Author}},
		{Platform: "discord", Team: c.Discord.Guild, ID: "440000000000000001", Roles: []brand.Role{brand.Responder, brand.Moderator}},
	}
	if !reflect.DeepEqual(c.Space.Groups, want) {
		t.Errorf("groups %+v", c.Space.Groups)
	}
	// Approvals may come from people whom the file does not name.
	text := strings.Replace(strings.Replace(grouped(t), "[responder, moderator]", "[approver]", 1), "needed: 1", "needed: 9", 1)
	if _, err := parse(text); err != nil {
		t.Errorf("approvers of a group are not counted on: %v", err)
	}
}

func TestGroupMistakes(t *testing.T) {
	for _, test := range [][3]string{
		{"  - slack: S0000000001", "  - slack: U0000000001", `groups[0].slack: "U0000000001" is no user group's ID.`},
		{"  - discord: \"440000000000000001\"", "  - discord: \"44\"", `groups[1].discord: "44" is no role's ID.`},
		{"  - slack: S0000000001", "  - slack: S0000000001\n    discord: \"440000000000000001\"", "groups[0]: A group is one of Slack or one of Discord."},
		{"    roles: [responder, moderator]", "    roles: []", "groups[1].roles: This group gives no role."},
		{"    roles: [responder, moderator]", "    roles: [boss]", `groups[1].roles[0]: There is no role "boss".`},
	} {
		text := strings.Replace(grouped(t), test[0], test[1], 1)
		if text == grouped(t) {
			t.Fatalf("the example no longer holds %q", test[0])
		}
		if _, err := parse(text); err == nil || !strings.Contains(err.Error(), test[2]) {
			t.Errorf("%s: %v", test[1], err)
		}
	}
}
