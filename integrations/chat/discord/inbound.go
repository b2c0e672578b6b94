package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/work"

	"github.com/bwmarrin/discordgo"
)

const (
	// laneCount lanes of messages run side by side; a channel always has the same one.
	laneCount = 16
	laneDepth = 256
	// unheard is how long a message is offered to an ingress that refuses it.
	// Discord never sends it again.
	unheard = 20 * time.Second
	// tooLate is the age at which a missed interaction has surely failed before the
	// eyes of the person. Discord waits 3 s; the rest is for clocks that differ.
	tooLate = 15 * time.Second
	// callbackTimeout bounds the acknowledgement with its repetition.
	callbackTimeout = 2 * time.Second
)

// said is a message as the gateway sends it.
type said struct {
	ID        string   `json:"id"`
	ChannelID string   `json:"channel_id"`
	GuildID   string   `json:"guild_id"`
	Content   string   `json:"content"`
	Type      int      `json:"type"`
	Author    person   `json:"author"`
	WebhookID string   `json:"webhook_id"`
	Mentions  []person `json:"mentions"`
	// Attachments hang on what was said.
	Attachments []uploaded `json:"attachments"`
	Member      *struct {
		Nick  string   `json:"nick"`
		Roles []string `json:"roles"`
	} `json:"member"`
}

// dispatch takes one event of the gateway, without blocking it.
func (c *Chat) dispatch(e dispatched) {
	switch e.name {
	case "INTERACTION_CREATE":
		defer e.done() // its answer is lost with the process: there is no second try
		var in interaction
		if err := json.Unmarshal(e.data, &in); err != nil {
			c.log.Error("discord: interaction not readable", "error", err)
			return
		}
		made, err := discordgo.SnowflakeTimestamp(in.ID)
		if age := c.now().Sub(made); e.missed && (err != nil || age > tooLate) {
			c.log.Info("discord: interaction came too late", "interaction", in.ID, "age", age)
			return
		}
		c.later("answer interaction "+in.ID, func(ctx context.Context) error { return c.callback(ctx, in) })
	case "MESSAGE_CREATE":
		var m said
		if err := json.Unmarshal(e.data, &m); err != nil {
			c.log.Error("discord: message not readable", "error", err)
		} else if c.meant(m) {
			c.lanes.put(utterance{m, e.done})
			return
		}
		e.done()
	default:
		e.done()
	}
}

// callback answers an interaction of the gateway. When the call gets lost it is
// made once more, in what is left of the 3 s.
func (c *Chat) callback(ctx context.Context, in interaction) error {
	answer := c.respond(ctx, in)
	defer answer.done()
	send := call{method: http.MethodPost, path: "/interactions/" + in.ID + "/" + in.Token + "/callback",
		route: "POST /interactions/callback", body: answer, exempt: true, again: true}
	short, cancel := context.WithTimeout(ctx, callbackTimeout)
	defer cancel()
	err := c.rest.do(short, send, nil)
	again := outbox.FaultOf(err) == outbox.Temporary && short.Err() == nil
	if again {
		err = c.rest.do(short, send, nil)
	}
	if codeOf(err) == discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged {
		if answer.says && !again {
			return nil // it came twice, and whoever was first says the rest
		}
		err = nil // or the first call did arrive
	}
	if err != nil {
		return err
	}
	if answer.after != nil && !c.later("after interaction "+in.ID, answer.after) {
		return answer.after(ctx) // Stop waits for this
	}
	return nil
}

// meant says whether a person said it to Crieur: directly, or with a mention.
// Robots are not listened to, or two of them could talk for ever.
func (c *Chat) meant(m said) bool {
	if m.Author.Bot || m.WebhookID != "" || m.Author.ID == c.me() || m.Author.ID == "" {
		return false
	}
	if kind := discordgo.MessageType(m.Type); kind != discordgo.MessageTypeDefault && kind != discordgo.MessageTypeReply {
		return false
	}
	if m.GuildID == "" {
		return true
	}
	for _, user := range m.Mentions {
		if user.ID == c.me() {
			return strings.Contains(m.Content, c.me()) // not only the ping of a reply
		}
	}
	return false
}

var selfMention = regexp.MustCompile(`<@!?(\d+)>`)

// me is the bot's user ID.
func (c *Chat) me() string {
	if id := c.self.Load(); id != nil {
		return *id
	}
	return cmp.Or(c.gate.getSession().self, c.opts.AppID)
}

// parentOf returns the channel of a thread, "" for a channel. Messages do not
// say which of the two they are in.
func (c *Chat) parentOf(ctx context.Context, channel string) string {
	if parent, ok := c.threads.get(channel); ok {
		return parent
	}
	var found struct {
		Type   int    `json:"type"`
		Parent string `json:"parent_id"`
	}
	err := c.rest.do(ctx, call{method: http.MethodGet, path: "/channels/" + channel, route: "GET /channels", major: channel, again: true}, &found)
	if err != nil {
		c.log.Warn("discord: channel not known", "channel", channel, "error", err)
		return ""
	}
	if !isThread(found.Type) {
		found.Parent = ""
	}
	c.threads.put(channel, found.Parent)
	return found.Parent
}

// messageEvent is words said to Crieur.
func (c *Chat) messageEvent(ctx context.Context, m said) bot.Event {
	text := selfMention.ReplaceAllStringFunc(m.Content, func(found string) string {
		if selfMention.FindStringSubmatch(found)[1] == c.me() {
			return ""
		}
		return found
	})
	e := bot.Event{
		ID: "dc:evt:" + m.ID + ":MESSAGE_CREATE", Kind: bot.Message, Platform: bot.Discord, Team: m.GuildID, At: c.now(),
		User:  bot.User{ID: m.Author.ID, Name: m.Author.shown()},
		Text:  strings.TrimSpace(text),
		Place: board.Place{Platform: string(bot.Discord), Channel: m.ChannelID, Message: m.ID},
	}
	e.User.Locale, _ = c.locales.get(m.Author.ID) // messages do not say it
	for _, file := range m.Attachments {
		e.Files = append(e.Files, file.upload())
	}
	if m.Member != nil {
		e.User.Groups, e.User.Grouped = m.Member.Roles, true
		if m.Member.Nick != "" {
			e.User.Name = m.Member.Nick
		}
	}
	if m.GuildID == "" {
		e.Direct, e.Team, e.Place.Channel = true, c.opts.Guild, "@"+m.Author.ID
		c.direct.put(m.Author.ID, m.ChannelID)
	} else if parent := c.parentOf(ctx, m.ChannelID); parent != "" {
		e.Place.Channel, e.Place.Thread = parent, m.ChannelID
	}
	e.Place.Team = e.Team
	return e
}

// heard stores a message. While the ingress refuses, it is offered again: there
// is no second delivery. In the end the person is told. What the end of the
// process cuts off is not done: the session that is taken up brings it again.
func (c *Chat) heard(ctx context.Context, m utterance) {
	e := c.messageEvent(ctx, m.said)
	delay := 250 * time.Millisecond
	var failed error
	for begin := time.Now(); ; {
		_, err := c.store(ctx, e)
		if err == nil {
			m.done()
			return
		}
		failed = errors.Join(failed, err)
		c.log.Warn("discord: message not stored", "event", e.ID, "error", err)
		if time.Since(begin) > unheard {
			break
		}
		if !work.Pause(ctx, delay) {
			return
		}
		delay = min(2*delay, 4*time.Second)
	}
	card := bot.Card{Blocks: []bot.Block{bot.P(c.front.Say(e, bot.Unconfirmed(failed)))}}
	place := e.Place
	place.Message = ""
	if _, err := c.Post(ctx, place, card, bot.PostOptions{Nonce: e.ID + "unconfirmed", Silent: true}); err != nil {
		c.log.Error("discord: nobody could be told", "event", e.ID, "error", err)
		if ctx.Err() != nil {
			return
		}
	}
	m.done()
}

// utterance is a message on its way to the ingress.
type utterance struct {
	said
	done func()
}

// lanes handle messages side by side, those of one channel in order.
type lanes struct {
	handle func(context.Context, utterance)
	queues [laneCount]chan utterance
	once   sync.Once
	ctx    context.Context // of all lanes; set before the first message
	cancel context.CancelFunc
	done   sync.WaitGroup
}

func newLanes(handle func(context.Context, utterance)) *lanes {
	l := &lanes{handle: handle}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	for i := range l.queues {
		l.queues[i] = make(chan utterance, laneDepth)
	}
	return l
}

func (l *lanes) start(ctx context.Context) {
	l.once.Do(func() {
		context.AfterFunc(ctx, l.cancel)
		for _, queue := range l.queues {
			l.done.Add(1)
			go func() {
				defer l.done.Done()
				for {
					select {
					case <-l.ctx.Done():
						return
					case m := <-queue:
						l.handle(l.ctx, m)
					}
				}
			}()
		}
	})
}

// put waits only when a lane is full: then reading the gateway slows down, and
// Discord keeps what it has not sent.
func (l *lanes) put(m utterance) {
	hash := 0
	for _, b := range []byte(m.ChannelID) {
		hash = (hash*31 + int(b)) % laneCount
	}
	select {
	case l.queues[hash] <- m:
	case <-l.ctx.Done():
	}
}

func (l *lanes) stop() {
	l.cancel()
	l.done.Wait()
}
