// Package mail sends short plain-text letters through the operator's mail
// server: calls to people on call, beside the chat.
//
// It speaks SMTP with STARTTLS (usually port 587) or TLS from the first byte
// (465); without TLS it sends only to this machine. One call is one attempt; how
// it failed is an *outbox.Error: a 4xx answer is tried again, a 5xx one is not,
// and a letter whose last answer is missing may have arrived. It does not know
// what letters say, nor who may be written to.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/secret"
)

// TLS is how the connection is protected.
type TLS string

// The ways. None is for a mail server on the same machine only.
const (
	StartTLS TLS = "starttls"
	Implicit TLS = "implicit"
	None     TLS = "none"
)

// ErrPlain says that a server elsewhere would be spoken to without TLS.
var ErrPlain = errors.New("without TLS only to this machine")

// Config is a mail server and who writes.
type Config struct {
	Server   string // host:port
	From     string // address, with a name or without
	User     string // empty: no sign-in
	Password secret.Secret
	TLS      TLS         // empty: StartTLS
	Trust    *tls.Config // nil: the machine's certificates
	Now      func() time.Time
}

// Letter is one message. ID makes its Message-ID, the same for every attempt.
type Letter struct {
	ID, To, Subject, Text string
}

// Sender sends letters. It is safe for concurrent use.
type Sender struct{ config Config }

// New returns a sender; nothing is called yet.
func New(config Config) *Sender {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.TLS == "" {
		config.TLS = StartTLS
	}
	return &Sender{config}
}

// Send sends the letter once, before ctx ends.
func (s *Sender) Send(ctx context.Context, letter Letter) error {
	from, to, data, err := s.write(letter)
	if err != nil {
		return fmt.Errorf("send letter %s: %w", letter.ID, &outbox.Error{Fault: outbox.Rejected, Reason: "mail.address", Err: err})
	}
	left, err := s.deliver(ctx, from, to, data)
	if err != nil {
		return fmt.Errorf("send letter %s: %w", letter.ID, faultOf(left, err))
	}
	return nil
}

// Check signs in and leaves, for the doctor.
func (s *Sender) Check(ctx context.Context) error {
	client, err := s.open(ctx)
	if err != nil {
		return fmt.Errorf("check mail server: %w", faultOf(false, err))
	}
	return client.Quit()
}

// deliver speaks with the server; left says that the whole letter went out, so
// it may have arrived whatever came after.
func (s *Sender) deliver(ctx context.Context, from, to string, data []byte) (left bool, err error) {
	client, err := s.open(ctx)
	if err != nil {
		return false, err
	}
	defer client.Close()
	if err := client.Mail(from); err != nil {
		return false, err
	}
	if err := client.Rcpt(to); err != nil {
		return false, err
	}
	body, err := client.Data()
	if err != nil {
		return false, err
	}
	if _, err := body.Write(data); err != nil {
		return false, err
	}
	if err := body.Close(); err != nil {
		return true, err
	}
	client.Quit() //nolint:errcheck // it was accepted
	return true, nil
}

// open connects, protects the connection and signs in. The connection ends when
// ctx does.
func (s *Sender) open(ctx context.Context) (*smtp.Client, error) {
	host, _, err := net.SplitHostPort(s.config.Server)
	if err != nil {
		return nil, err
	}
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", s.config.Server)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		connection.SetDeadline(deadline) //nolint:errcheck // a connection just opened takes one
	}
	trust := s.config.Trust.Clone()
	if trust == nil {
		trust = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	trust.ServerName = host
	if s.config.TLS == Implicit {
		connection = tls.Client(connection, trust)
	}
	client, err := s.greet(connection, host, trust)
	if err != nil {
		connection.Close()
		return nil, err
	}
	return client, nil
}

func (s *Sender) greet(connection net.Conn, host string, trust *tls.Config) (*smtp.Client, error) {
	client, err := smtp.NewClient(connection, host)
	if err != nil {
		return nil, err
	}
	switch s.config.TLS {
	case StartTLS:
		if err := client.StartTLS(trust); err != nil {
			return nil, err
		}
	case None:
		if !loopback(connection.RemoteAddr()) {
			return nil, ErrPlain
		}
	}
	if s.config.User == "" {
		return client, nil
	}
	return client, client.Auth(smtp.PlainAuth("", s.config.User, s.config.Password.Reveal(), host))
}

func loopback(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// write is the letter as it goes over the wire. Addresses are parsed, so that
// nothing in them can start another header.
func (s *Sender) write(letter Letter) (from, to string, data []byte, err error) {
	sender, err := mail.ParseAddress(s.config.From)
	if err != nil {
		return "", "", nil, fmt.Errorf("sender: %w", err)
	}
	receiver, err := mail.ParseAddress(letter.To)
	if err != nil {
		return "", "", nil, fmt.Errorf("receiver: %w", err)
	}
	_, domain, _ := strings.Cut(sender.Address, "@")
	var out bytes.Buffer
	for _, header := range [][2]string{
		{"From", sender.String()}, {"To", receiver.String()},
		{"Subject", mime.QEncoding.Encode("utf-8", strings.Join(strings.Fields(letter.Subject), " "))},
		{"Date", s.config.Now().Format(time.RFC1123Z)},
		{"Message-ID", "<" + safe(letter.ID) + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"}, {"X-Priority", "1"}, {"MIME-Version", "1.0"},
		{"Content-Type", `text/plain; charset="utf-8"`}, {"Content-Transfer-Encoding", "quoted-printable"},
	} {
		fmt.Fprintf(&out, "%s: %s\r\n", header[0], header[1])
	}
	out.WriteString("\r\n")
	text := quotedprintable.NewWriter(&out)
	text.Write([]byte(letter.Text)) //nolint:errcheck // into memory
	text.Close()                    //nolint:errcheck // into memory
	return sender.Address, receiver.Address, out.Bytes(), nil
}

// safe keeps what may stand in a Message-ID.
func safe(id string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
			return r
		}
		return '.'
	}, id)
}

// faultOf says what an error of the conversation means.
func faultOf(left bool, err error) *outbox.Error {
	fault := &outbox.Error{Fault: outbox.Temporary, Reason: "mail.unreachable", Err: err}
	var answer *textproto.Error
	switch {
	case errors.Is(err, ErrPlain):
		fault.Fault, fault.Reason = outbox.Rejected, "mail.plain"
	case errors.As(err, &answer) && (answer.Code == 530 || answer.Code == 534 || answer.Code == 535):
		fault.Fault, fault.Reason = outbox.Denied, "mail.denied"
	case errors.As(err, &answer) && answer.Code >= 500:
		fault.Fault, fault.Reason = outbox.Rejected, "mail.refused"
	case left && answer == nil:
		fault.Fault = outbox.Ambiguous
	}
	return fault
}
