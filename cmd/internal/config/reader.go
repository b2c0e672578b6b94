package config

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/secret"
)

var errNotClock = errors.New("not a time of the day")

// reader turns the shape of the file into a Config and says what is not
// coherent in it.
type reader struct {
	*tree
	file    file
	options Options
	space   *brand.Space
}

// name is what an ID may be made of; it stands in keys and addresses.
var name = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

const nameFix = "Use 1 to 32 small letters, digits, - and _."

// defaultAddr is served when the file does not say.
const defaultAddr = "127.0.0.1:8080"

// leastKey is how long the signing key must be, in characters.
const leastKey = 32

func (r *reader) config() *Config {
	f := r.file
	c := &Config{
		Space: &brand.Space{ID: f.Space}, Key: f.Key, Data: f.Data, Addr: f.HTTP.Addr, URL: f.HTTP.URL,
		RedisURL: f.Redis.URL, Accounts: map[string]Account{}, Pagers: map[string]Pager{},
	}
	r.space = c.Space
	r.id("space", f.Space)
	r.chats(c)
	r.httpAndKey(c)
	r.auditKey(c)
	r.model(c)
	r.mail(c)
	r.members(c)
	r.groups(c)
	for i, b := range f.Brands {
		r.brand(c, b, index("brands", i))
	}
	r.once("brands", len(f.Brands), func(i int) string { return f.Brands[i].ID }, "id")
	r.advise(c)
	return c
}

func (r *reader) httpAndKey(c *Config) {
	if c.Addr == "" {
		c.Addr = defaultAddr
	}
	if _, port, err := net.SplitHostPort(c.Addr); err != nil || port == "" {
		r.wrong("http.addr", "%q is no address to listen at.", "Write it as 127.0.0.1:8080, or :8080 for every interface.", c.Addr)
	}
	r.address("http.url", c.URL, false)
	for i, text := range r.file.HTTP.Allow {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			r.wrong(index("http.allow", i), "%q is no network.", "Write it as 10.0.0.0/8.", text)
			continue
		}
		c.Allow = append(c.Allow, prefix)
	}
	if r.options.Lenient {
		return
	}
	if len(c.Key) < leastKey && !r.unset["key"] {
		r.wrong("key", "The key that signs buttons is missing or shorter than 32 characters.",
			"Make one with: openssl rand -hex 32; put it in the environment as CRIEUR_KEY and write key: ${CRIEUR_KEY} here.")
	}
}

func (r *reader) auditKey(c *Config) {
	seed := r.file.Audit.Key
	if seed == "" {
		return
	}
	key, err := audit.ParseKey(seed)
	if err != nil {
		r.wrong("audit.key", "This is no key to sign with: it has 64 hexadecimal digits.",
			"Make one with: openssl rand -hex 32; put it in the environment as CRIEUR_AUDIT_KEY and write key: ${CRIEUR_AUDIT_KEY} here.")
		return
	}
	c.AuditKey = key
}

func (r *reader) model(c *Config) {
	m := r.file.Model
	if m == nil {
		return
	}
	c.Model = &Model{BaseURL: m.BaseURL, Name: m.Name, Key: m.Key}
	r.address("model.base_url", m.BaseURL, true)
	if m.Name == "" {
		r.wrong("model.name", "Which model is not said.", "Write its name as the service calls it, or take model: out.")
	}
}

func (r *reader) members(c *Config) {
	for i, m := range r.file.Members {
		path := index("members", i)
		r.id(join(path, "id"), m.ID)
		member := &brand.Member{ID: m.ID, Name: m.Name, Lang: m.Lang, Trainee: m.Trainee,
			Away: r.days(m.Away, join(path, "away")), Handles: r.handles(c, m, path), Email: r.email(m.Email, join(path, "email"))}
		if m.Name == "" {
			r.wrong(join(path, "name"), "This person has no name.", "Write the name that the team uses.")
		}
		r.lang(join(path, "lang"), m.Lang)
		if m.Zone != "" {
			member.Zone = r.zone(m.Zone, join(path, "zone"))
		}
		if len(m.Hours) > 0 {
			week := r.week(m.Hours, join(path, "hours"))
			member.Hours = &week
		}
		if len(m.Roles) == 0 && len(r.file.Groups) == 0 {
			r.wrong(join(path, "roles"), "This person may do nothing.", "Give roles: "+strings.Join(roleNames(), ", ")+".")
		}
		member.Roles = r.roles(m.Roles, join(path, "roles"))
		c.Space.Members = append(c.Space.Members, member)
	}
	members := r.file.Members
	r.once("members", len(members), func(i int) string { return members[i].ID }, "id")
	r.once("members", len(members), func(i int) string { return members[i].Slack }, "slack")
	r.once("members", len(members), func(i int) string { return members[i].Discord }, "discord")
	if len(c.Space.With(brand.Admin)) == 0 {
		r.wrong("members", "Nobody is admin.", "Give at least one person the role admin: they add people and pause everything.")
	}
}

// groups reads which groups of the chat applications give which roles.
func (r *reader) groups(c *Config) {
	for i, g := range r.file.Groups {
		path := index("groups", i)
		group := brand.Group{Roles: r.roles(g.Roles, join(path, "roles"))}
		if len(g.Roles) == 0 {
			r.wrong(join(path, "roles"), "This group gives no role.", "Give roles: "+strings.Join(roleNames(), ", ")+".")
		}
		switch {
		case (g.Slack == "") == (g.Discord == ""):
			r.wrong(path, "A group is one of Slack or one of Discord.", "Write slack: with a user group's ID, or discord: with a role's ID.")
		case g.Slack != "" && c.Slack == nil:
			r.wrong(join(path, "slack"), "Slack is not set up in this file.", "Add slack: at the top, or take this line out.")
		case g.Discord != "" && c.Discord == nil:
			r.wrong(join(path, "discord"), "Discord is not set up in this file.", "Add discord: at the top, or take this line out.")
		case g.Slack != "" && !slackGroup.MatchString(g.Slack):
			r.wrong(join(path, "slack"), "%q is no user group's ID.", "In Slack: People, User groups, the group, ⋮, Copy group ID. It starts with S.", g.Slack)
		case g.Discord != "" && !snowflake.MatchString(g.Discord):
			r.wrong(join(path, "discord"), "%q is no role's ID.", "In Discord, with developer mode on: Server settings, Roles, right-click the role, Copy Role ID.", g.Discord)
		case g.Slack != "":
			group.Platform, group.Team, group.ID = "slack", c.Slack.Team, g.Slack
		default:
			group.Platform, group.Team, group.ID = "discord", c.Discord.Guild, g.Discord
		}
		c.Space.Groups = append(c.Space.Groups, group)
	}
}

func (r *reader) roles(names []string, path string) []brand.Role {
	var roles []brand.Role
	for i, role := range names {
		if !slices.Contains(roleNames(), role) {
			r.wrong(index(path, i), "There is no role %q.", oneOf(role, roleNames()), role)
		}
		roles = append(roles, brand.Role(role))
	}
	return roles
}

// grants says whether a group gives the role, to people whom the file does not know.
func (r *reader) grants(role brand.Role) bool {
	return slices.ContainsFunc(r.space.Groups, func(g brand.Group) bool { return slices.Contains(g.Roles, role) })
}

func (r *reader) handles(c *Config, m memberFile, path string) map[string]string {
	handles := map[string]string{}
	if m.Slack != "" {
		if !slackUser.MatchString(m.Slack) {
			r.wrong(join(path, "slack"), "%q is no Slack member ID.", "In Slack: the person's profile, ⋮, Copy member ID. It starts with U.", m.Slack)
		}
		if c.Slack == nil {
			r.wrong(join(path, "slack"), "Slack is not set up in this file.", "Add slack: at the top, or take this line out.")
		} else {
			handles["slack:"+c.Slack.Team] = m.Slack
		}
	}
	if m.Discord != "" {
		if !snowflake.MatchString(m.Discord) {
			r.wrong(join(path, "discord"), "%q is no Discord user ID.", "In Discord, with developer mode on: right-click the person, Copy User ID.", m.Discord)
		}
		if c.Discord == nil {
			r.wrong(join(path, "discord"), "Discord is not set up in this file.", "Add discord: at the top, or take this line out.")
		} else {
			handles["discord:"+c.Discord.Guild] = m.Discord
		}
	}
	if len(handles) == 0 {
		r.wrong(path, "Nobody knows how to recognise this person in chat.", "Add slack: with their member ID, or discord: with their user ID.")
	}
	return handles
}

// advise says what is allowed but not wise.
func (r *reader) advise(c *Config) {
	advice := func(path, what, fix string) {
		c.Advice = append(c.Advice, Problem{File: r.tree.file, Line: r.line(path), Path: path, What: what, Fix: fix})
	}
	for _, path := range r.literal {
		advice(path, "This secret stands in the file.", "Put it in the environment and write ${NAME} here.")
	}
	if len(c.Space.Brands) == 0 {
		advice("brands", "There is no brand in this file.",
			"The first admin sets one up in conversation, with /crieur installer; or add one below brands:.")
	}
	for i, b := range r.file.Brands {
		for j, g := range b.GitHub {
			if at := index(index("brands", i)+".github", j); g.Token == "" && !r.options.Lenient {
				advice(at, "GitHub is read without a token: every half hour, and only what is public.",
					"On GitHub: Settings, Developer settings, Fine-grained tokens, with read access to Issues and Pull requests.")
			}
		}
	}
	approvers := 0
	for _, m := range c.Space.Members {
		if m.Can(brand.Approver) {
			approvers++
		}
	}
	for i, b := range c.Space.Brands {
		if b.Policy.Needed == 0 {
			advice(join(index("brands", i), "policy.needed"), "Posts go out without anybody’s approval.", "Write needed: 1 if somebody is to read them first.")
		}
		if b.Policy.Needed > 0 && approvers < b.Policy.Needed+1 && !b.Policy.OwnWork {
			advice(join(index("brands", i), "policy"), fmt.Sprintf("%d approval(s) are needed and %d people may approve: "+
				"the posts of an approver may never get theirs.", b.Policy.Needed, approvers), "Give the role approver to one more person.")
		}
		if len(b.OnCall) == 0 {
			advice(join(index("brands", i), "on_call"), "Nobody is on call.", "Name who may be woken for what is critical, in the order to try.")
		}
	}
}

func roleNames() []string {
	var names []string
	for _, role := range brand.Roles() {
		names = append(names, string(role))
	}
	return names
}

// id checks a name that stands in keys.
func (r *reader) id(path, id string) {
	if !name.MatchString(id) {
		r.wrong(path, "%q cannot be a name here.", nameFix, id)
	}
}

func (r *reader) lang(path, lang string) {
	if lang != "" && !slices.Contains(i18n.Langs(), lang) {
		r.wrong(path, "Crieur does not speak %q.", oneOf(lang, i18n.Langs()), lang)
	}
}

// words checks a text by language.
func (r *reader) words(path string, texts map[string]string, needed bool) {
	for _, lang := range sortedKeys(texts) {
		r.lang(join(path, lang), lang)
	}
	if needed && len(texts) == 0 {
		r.wrong(path, "There is no text.", "Write it by language: fr: …, en: ….")
	}
}

// address checks a web address; empty is fine unless it is needed.
func (r *reader) address(path, text string, needed bool) {
	if text == "" && !needed {
		return
	}
	if r.unset[path] {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || !slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme) {
		r.wrong(path, "This is no web address.", "Write it whole, starting with https://.")
	}
}

// needed checks that a credential is there.
func (r *reader) needed(path string, value secret.Secret, fix string) {
	if value == "" && !r.options.Lenient && !r.unset[path] {
		r.wrong(path, "This is missing.", fix)
	}
}

// once finds names that are given twice in a list.
func (r *reader) once(path string, n int, of func(int) string, field string) {
	first := map[string]int{}
	for i := range n {
		id := of(i)
		if id == "" {
			continue
		}
		if before, twice := first[id]; twice {
			r.wrong(join(index(path, i), field), "%q is already that of %s.", "Each needs its own.", id, index(path, before))
			continue
		}
		first[id] = i
	}
}

func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
