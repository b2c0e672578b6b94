// Package mailfake is a mail server on the loopback interface that keeps what it
// gets, for tests. It knows STARTTLS, TLS from the first byte and PLAIN, asks
// for both when told to, and can refuse or fall silent at any command.
package mailfake

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is one fake mail server.
type Server struct {
	// User and Password, if set, must be given before a letter.
	User, Password string
	// Implicit speaks TLS from the first byte; NoTLS never speaks it.
	Implicit, NoTLS bool
	// Answers replaces the answer to a command ("RCPT": "550 no such person"); the
	// answer "" hangs up.
	Answers map[string]string

	listener net.Listener
	tls      *tls.Config
	trust    *x509.CertPool
	mu       sync.Mutex
	letters  []Letter
}

// Letter is one that was taken.
type Letter struct {
	From, To, Data string
	Protected      bool // the connection was
}

// Start serves until the test ends.
func (s *Server) Start(t *testing.T) {
	t.Helper()
	s.certify(t)
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			connection, err := s.listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { s.serve(connection) })
		}
	})
	t.Cleanup(func() { s.listener.Close(); serving.Wait() })
}

// Address is host:port.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Trust accepts the server's certificate.
func (s *Server) Trust() *tls.Config {
	return &tls.Config{RootCAs: s.trust, MinVersion: tls.VersionTLS12}
}

// Letters are those that were taken so far.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// certify makes a certificate for 127.0.0.1 that ends with the test.
func (s *Server) certify(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.trust = x509.NewCertPool()
	s.trust.AddCert(parsed)
	s.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}

// talk is one connection.
type talk struct {
	*Server
	net.Conn
	lines     *bufio.Reader
	letter    Letter
	protected bool
	known     bool // signed in
}

func (s *Server) serve(connection net.Conn) {
	t := &talk{Server: s, Conn: connection, known: s.User == ""}
	if s.Implicit {
		t.Conn, t.protected = tls.Server(connection, s.tls), true
	}
	defer func() { t.Close() }()
	t.lines = bufio.NewReader(t)
	if !t.say("220 mail.example") {
		return
	}
	for {
		line, err := t.lines.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		verb = strings.ToUpper(verb)
		answer, set := s.Answers[verb]
		if !set {
			answer = t.answer(verb, rest)
		}
		if !t.say(answer) || verb == "QUIT" {
			return
		}
		switch {
		case verb == "STARTTLS" && answer[0] == '2':
			t.Conn, t.protected = tls.Server(t.Conn, s.tls), true
			t.lines = bufio.NewReader(t)
		case verb == "DATA" && answer[0] == '3':
			if !t.take() {
				return
			}
		}
	}
}

func (t *talk) say(answer string) bool {
	if answer == "" {
		return false
	}
	_, err := fmt.Fprint(t.Conn, answer+"\r\n")
	return err == nil
}

func (t *talk) answer(verb, rest string) string {
	switch verb {
	case "EHLO", "HELO":
		lines := "250-mail.example\r\n"
		if !t.protected && !t.NoTLS {
			lines += "250-STARTTLS\r\n"
		}
		return lines + "250 AUTH PLAIN"
	case "QUIT":
		return "221 bye"
	case "STARTTLS":
		return "220 go ahead"
	case "AUTH":
		given, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
		if err != nil || string(given) != "\x00"+t.User+"\x00"+t.Password {
			return "535 who are you"
		}
		t.known = true
		return "235 welcome"
	case "MAIL", "RCPT", "DATA":
		if !t.known {
			return "530 sign in first"
		}
		_, address, _ := strings.Cut(rest, "<")
		address, _, _ = strings.Cut(address, ">")
		switch verb {
		case "MAIL":
			t.letter = Letter{From: address, Protected: t.protected}
		case "RCPT":
			t.letter.To = address
		case "DATA":
			return "354 go on"
		}
	}
	return "250 fine"
}

// take reads a letter until the line with a dot alone.
func (t *talk) take() bool {
	var data strings.Builder
	for {
		line, err := t.lines.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		data.WriteString(line)
	}
	t.letter.Data = data.String()
	answer, set := t.Answers["."]
	if !set {
		answer = "250 taken"
	}
	if !set || answer == "" { // taken, though nobody may hear of it
		t.mu.Lock()
		t.letters = append(t.letters, t.letter)
		t.mu.Unlock()
	}
	return t.say(answer)
}
