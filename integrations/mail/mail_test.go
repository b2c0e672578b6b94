package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"crieur/bot/outbox"
	"crieur/integrations/mail"
	"crieur/integrations/mail/mailfake"
)

var letter = mail.Letter{ID: "due:call:c1#2", To: "noa@colibri.example", Subject: "Une alerte critique vous attend",
	Text: "Maison Colibri, 3 h 20.\nOuvrez Crieur : la carte y est.\n.\nFin."}

func config(s *mailfake.Server) mail.Config {
	return mail.Config{Server: s.Address(), From: "Crieur <crieur@colibri.example>", User: "crieur", Password: "geheim",
		Trust: s.Trust(), Now: func() time.Time { return time.Date(2026, 11, 27, 3, 20, 0, 0, time.UTC) }}
}

func send(t *testing.T, c mail.Config, l mail.Letter) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	return mail.New(c).Send(ctx, l)
}

func TestALetterArrives(t *testing.T) {
	for name, server := range map[string]*mailfake.Server{
		"starttls": {User: "crieur", Password: "geheim"},
		"implicit": {User: "crieur", Password: "geheim", Implicit: true},
		"none":     {NoTLS: true},
	} {
		t.Run(name, func(t *testing.T) {
			server.Start(t)
			c := config(server)
			c.TLS = mail.TLS(name)
			if name == "none" {
				c.User = ""
			}
			if err := send(t, c, letter); err != nil {
				t.Fatal(err)
			}
			letters := server.Letters()
			if len(letters) != 1 || letters[0].From != "crieur@colibri.example" || letters[0].To != letter.To ||
				letters[0].Protected != (name != "none") {
				t.Fatalf("got %+v", letters)
			}
			read, err := netmail.ReadMessage(strings.NewReader(letters[0].Data))
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(quotedprintable.NewReader(read.Body))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n..\n", "\n.\n"); strings.TrimSpace(got) != letter.Text {
				t.Errorf("text %q", got)
			}
			subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
			if err != nil || subject != letter.Subject || read.Header.Get("Message-Id") != "<due.call.c1.2@colibri.example>" ||
				read.Header.Get("Date") != "Fri, 27 Nov 2026 03:20:00 +0000" {
				t.Errorf("headers %v, %v", read.Header, err)
			}
		})
	}
}

func TestWhatFailsSaysHow(t *testing.T) {
	for _, test := range []struct {
		name   string
		server *mailfake.Server
		change func(*mail.Config, *mail.Letter)
		fault  outbox.Fault
		reason string
		taken  int
	}{
		{"wrong password", &mailfake.Server{User: "crieur", Password: "else"}, nil, outbox.Denied, "mail.denied", 0},
		{"no STARTTLS there", &mailfake.Server{Answers: map[string]string{"STARTTLS": "502 never heard"}}, nil, outbox.Rejected, "mail.refused", 0},
		{"no such person", &mailfake.Server{Answers: map[string]string{"AUTH": "235 ok", "RCPT": "550 no such person"}}, nil, outbox.Rejected, "mail.refused", 0},
		{"come back later", &mailfake.Server{Answers: map[string]string{"AUTH": "235 ok", "MAIL": "451 later"}}, nil, outbox.Temporary, "mail.unreachable", 0},
		{"hangs up early", &mailfake.Server{Answers: map[string]string{"AUTH": "235 ok", "DATA": ""}}, nil, outbox.Temporary, "mail.unreachable", 0},
		{"hangs up when it has it", &mailfake.Server{Answers: map[string]string{"AUTH": "235 ok", ".": ""}}, nil, outbox.Ambiguous, "mail.unreachable", 1},
		{"full", &mailfake.Server{Answers: map[string]string{"AUTH": "235 ok", ".": "452 full"}}, nil, outbox.Temporary, "mail.unreachable", 0},
		{"unknown certificate", &mailfake.Server{}, func(c *mail.Config, _ *mail.Letter) { c.Trust = nil }, outbox.Temporary, "mail.unreachable", 0},
		{"another header in the address", &mailfake.Server{}, func(_ *mail.Config, l *mail.Letter) { l.To = "a@b.example\r\nBcc: c@d.example" },
			outbox.Rejected, "mail.address", 0},
		{"a sender that is none", &mailfake.Server{}, func(c *mail.Config, _ *mail.Letter) { c.From = "Crieur" }, outbox.Rejected, "mail.address", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.server.Start(t)
			c, l := config(test.server), letter
			if test.change != nil {
				test.change(&c, &l)
			}
			err := send(t, c, l)
			var failure *outbox.Error
			if !errors.As(err, &failure) || failure.Fault != test.fault || failure.Reason != test.reason {
				t.Errorf("got %v", err)
			}
			if strings.Contains(fmt.Sprint(err), "geheim") {
				t.Errorf("the password is in %v", err)
			}
			if got := len(test.server.Letters()); got != test.taken {
				t.Errorf("%d letters taken", got)
			}
		})
	}
}

// TestNothingAnswers ends with its context.
func TestNothingAnswers(t *testing.T) {
	server := &mailfake.Server{}
	server.Start(t)
	c := config(server)
	c.Server = "127.0.0.1:1"
	if err := send(t, c, letter); outbox.FaultOf(err) != outbox.Temporary {
		t.Errorf("got %v", err)
	}
	c.Server = "nowhere"
	if err := mail.New(c).Check(t.Context()); err == nil {
		t.Error("an address without a port is one")
	}
}

func TestASubjectIsOneLine(t *testing.T) {
	server := &mailfake.Server{User: "crieur", Password: "geheim"}
	server.Start(t)
	l := letter
	l.Subject = "Alerte\r\nBcc: all@example.org"
	if err := send(t, config(server), l); err != nil {
		t.Fatal(err)
	}
	read, err := netmail.ReadMessage(strings.NewReader(server.Letters()[0].Data))
	if err != nil || read.Header.Get("Bcc") != "" {
		t.Errorf("headers %v, %v", read.Header, err)
	}
	if err := mail.New(config(server)).Check(t.Context()); err != nil {
		t.Error(err)
	}
}
