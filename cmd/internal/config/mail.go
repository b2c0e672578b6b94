package config

import (
	"net"
	netmail "net/mail"
	"slices"
)

// mailWays are the ways to protect the connection to a mail server.
var mailWays = []string{"starttls", "implicit", "none"}

func (r *reader) mail(c *Config) {
	m := r.file.Mail
	if m == nil {
		return
	}
	c.Mail = &Mail{Server: m.Server, From: m.From, User: m.User, Password: m.Password, TLS: m.TLS}
	if host, port, err := net.SplitHostPort(m.Server); err != nil || host == "" || port == "" {
		r.wrong("mail.server", "%q is no mail server.", "Write it as smtp.example.org:587.", m.Server)
	}
	if _, err := netmail.ParseAddress(m.From); err != nil {
		r.wrong("mail.from", "%q is no e-mail address.", "Write it as crieur@example.org, or Crieur <crieur@example.org>.", m.From)
	}
	if m.TLS != "" && !slices.Contains(mailWays, m.TLS) {
		r.wrong("mail.tls", "%q is no way to protect the connection.", oneOf(m.TLS, mailWays), m.TLS)
	}
	if m.User != "" {
		r.needed("mail.password", m.Password, "Give the password of mail.user, or take both out.")
	}
}

// email reads where a member is written to. Without a mail server that would be
// a promise that nobody keeps.
func (r *reader) email(address, path string) string {
	if address == "" {
		return ""
	}
	if parsed, err := netmail.ParseAddress(address); err != nil || parsed.Address != address {
		r.wrong(path, "%q is no e-mail address.", "Write it as noa@example.org.", address)
	}
	if r.file.Mail == nil {
		r.wrong(path, "Nothing says how e-mail is sent.", "Add mail: at the top with server: and from:, or take this line out.")
	}
	return address
}
