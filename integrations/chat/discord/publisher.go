package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/integrations/internal/attach"

	"github.com/bwmarrin/discordgo"
)

// Network is the name of a channel as an account in the configuration.
const Network = "discord"

const (
	maxPost   = 2000     // characters of a message in plain text
	maxUpload = 10 << 20 // and 25 MiB in one request, see maxCarried
	maxMedia  = 10
	findLast  = 100            // messages looked through
	findAge   = 24 * time.Hour // when the first attempt is not known
	findSkew  = 10 * time.Minute
	pageOf    = "https://discord.com/channels/"
)

// Account is a channel in which the brand publishes.
type Account struct {
	Guild, Channel string
	Name           string // as people say it; "Discord" when empty
}

// Publisher publishes in one channel. Nobody is notified by name, whatever the
// text says. It is safe for concurrent use.
type Publisher struct {
	chat    *Chat
	account Account

	mu    sync.Mutex
	first map[string]time.Time // first attempts of this process, by order
}

// Publisher returns a publisher for a channel.
func (c *Chat) Publisher(a Account) *Publisher {
	if a.Name == "" {
		a.Name = "Discord"
	}
	return &Publisher{chat: c, account: a, first: map[string]time.Time{}}
}

// Network returns "discord".
func (p *Publisher) Network() string { return Network }

// publication is a public message: plain text, as it was approved.
type publication struct {
	Content     string          `json:"content,omitempty"`
	Mentions    allowedMentions `json:"allowed_mentions"`
	Nonce       string          `json:"nonce"`
	Enforce     bool            `json:"enforce_nonce"`
	Reference   *reference      `json:"message_reference,omitempty"`
	Attachments []attachment    `json:"attachments,omitempty"`
}

// Publish posts the order: one message, or several in a row, the media with the
// first. Everything that Discord would refuse is looked for before. Repeating
// it within a few minutes returns what is there already; later, what is public
// of several messages is read first.
func (p *Publisher) Publish(ctx context.Context, order content.Order) (content.Live, error) {
	files, err := p.check(ctx, order)
	if err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
	}
	var live content.Live
	if len(order.Part.Posts) > 1 {
		if live, err = p.progress(ctx, order); err != nil && !errors.Is(err, outbox.ErrCannotTell) {
			return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
		}
	}
	p.begin(order.Key)
	for i := len(live.Refs); i < len(order.Part.Posts); i++ {
		post := publication{Content: order.Part.Posts[i], Mentions: allowedMentions{Parse: []string{}},
			Nonce: nonceOf(order.Key, "post"+strconv.Itoa(i)), Enforce: true}
		send := call{method: http.MethodPost, path: "/channels/" + p.account.Channel + "/messages", route: "POST /channels/messages",
			major: p.account.Channel, needs: discordgo.PermissionSendMessages}
		if i == 0 {
			send.files = files
			for n, f := range files {
				post.Attachments = append(post.Attachments, attachment{strconv.Itoa(n), f.name, strings.TrimSpace(order.Part.Media[n].Alt)})
			}
			if order.Part.ReplyTo != "" {
				post.Reference = &reference{Message: order.Part.ReplyTo, Strict: true}
			}
		}
		if len(send.files) > 0 {
			send.needs = discordgo.PermissionAttachFiles
		}
		send.body = post
		var made posted
		if err := p.chat.rest.do(ctx, send, &made); err != nil {
			return live, fmt.Errorf("publish %s, message %d: %w", order.Key, i+1, err)
		}
		p.add(&live, made.ID)
	}
	return live, nil
}

func (p *Publisher) add(live *content.Live, id string) {
	if live.Ref == "" {
		live.Ref, live.URL = id, pageOf+p.account.Guild+"/"+p.account.Channel+"/"+id
	}
	live.Refs = append(live.Refs, id)
}

// check refuses what Discord would refuse, and reads the media.
func (p *Publisher) check(ctx context.Context, order content.Order) ([]file, error) {
	name := p.account.Name
	if err := order.Check(); err != nil {
		return nil, attach.Refuse("changed", name, err)
	}
	if len(order.Part.Posts) == 0 {
		return nil, attach.Refuse("empty", name, errors.New("no text"))
	}
	for i, text := range order.Part.Posts {
		if strings.TrimSpace(text) == "" && (i > 0 || len(order.Part.Media) == 0) {
			return nil, attach.Refuse("empty", name, fmt.Errorf("text %d is empty", i+1))
		}
		if n := sizeOf(text).chars; n > maxPost {
			return nil, attach.Refuse("too_long", name, fmt.Errorf("text %d has %d characters", i+1, n),
				"Over", strconv.Itoa(n-maxPost), "Max", strconv.Itoa(maxPost))
		}
	}
	limits := attach.Limits{Name: name, Count: maxMedia, Alt: maxAlt, Bytes: maxUpload}
	if err := attach.Check(order.Part.Media, limits); err != nil {
		return nil, err
	}
	var files []file
	total := 0
	for i, m := range order.Part.Media {
		data, err := attach.Read(ctx, p.chat.opts.Files, m, limits)
		if err != nil {
			return nil, err
		}
		if total += len(data); total > maxCarried {
			return nil, attach.Refuse("media_too_big", name, errors.New("all media together"), "File", m.Name, "Size", strconv.Itoa(maxCarried>>20))
		}
		files = append(files, file{name: strconv.Itoa(i+1) + "-" + plainName(m.Name), content: data})
	}
	return files, nil
}

// plainName keeps of a file's name what Discord keeps.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (r == '.' || r == '-' || r == '_' || (r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z')) {
			return r
		}
		return '_'
	}, name)
}

// begin remembers when an order was first tried here.
func (p *Publisher) begin(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.chat.now()
	maps.DeleteFunc(p.first, func(_ string, at time.Time) bool { return now.Sub(at) > findAge })
	if _, known := p.first[key]; !known {
		p.first[key] = now
	}
}

// Find looks for the order among the bot's own last messages in the channel.
// Found false means that it is not there, or only its beginning, with which
// Publish goes on. outbox.ErrCannotTell: the messages cannot be read.
func (p *Publisher) Find(ctx context.Context, order content.Order) (live content.Live, found bool, err error) {
	live, err = p.progress(ctx, order)
	if err != nil {
		return live, false, fmt.Errorf("find %s: %w", order.Key, err)
	}
	return live, len(live.Refs) > 0 && len(live.Refs) == len(order.Part.Posts), nil
}

// published is a message of the channel, as Discord returns it.
type published struct {
	ID          string            `json:"id"`
	Content     string            `json:"content"`
	Author      person            `json:"author"`
	At          time.Time         `json:"timestamp"`
	Flags       int               `json:"flags"`
	Attachments []json.RawMessage `json:"attachments"`
}

// is says whether it is the nth message of a part. A card is none, whatever it
// shows, nor is one with other pictures: a text may be empty.
func (m published) is(part content.Part, n int) bool {
	media := 0
	if n == 0 {
		media = len(part.Media)
	}
	return m.Flags&flagV2 == 0 && len(m.Attachments) == media &&
		slices.Equal(strings.Fields(m.Content), strings.Fields(part.Posts[n]))
}

// progress returns how much of an order is public: its first messages, in order.
func (p *Publisher) progress(ctx context.Context, order content.Order) (content.Live, error) {
	var live content.Live
	p.mu.Lock()
	since, known := p.first[order.Key]
	p.mu.Unlock()
	if since = since.Add(-findSkew); !known {
		since = p.chat.now().Add(-findAge)
	}
	var all []published
	err := p.chat.rest.do(ctx, call{method: http.MethodGet, path: "/channels/" + p.account.Channel + "/messages?limit=" + strconv.Itoa(findLast),
		route: "GET /channels/messages", major: p.account.Channel, again: true, needs: discordgo.PermissionReadMessageHistory}, &all)
	if err != nil {
		return live, err
	}
	// Without the permission to read them Discord says that there are none.
	if len(all) == 0 || (len(all) == findLast && all[len(all)-1].At.After(since)) {
		return live, outbox.ErrCannotTell
	}
	slices.Reverse(all) // oldest first
	for _, m := range all {
		if next := len(live.Refs); next < len(order.Part.Posts) && m.Author.ID == p.chat.me() && !m.At.Before(since) && m.is(order.Part, next) {
			p.add(&live, m.ID)
		}
	}
	return live, nil
}

// Delete takes every message of a publication down; one that is gone already is
// fine.
func (p *Publisher) Delete(ctx context.Context, live content.Live) error {
	refs := live.Refs
	if len(refs) == 0 {
		refs = []string{live.Ref}
	}
	for _, id := range refs {
		err := p.chat.rest.do(ctx, call{method: http.MethodDelete, path: "/channels/" + p.account.Channel + "/messages/" + id,
			route: "DELETE /channels/messages", major: p.account.Channel, again: true}, nil)
		if err != nil && !errors.Is(err, outbox.ErrGone) {
			return fmt.Errorf("delete %s: %w", id, err)
		}
	}
	return nil
}
