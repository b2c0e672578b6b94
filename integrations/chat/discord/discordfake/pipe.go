package discordfake

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// Wire is a network in memory: a listener for Options, and a dialer for
// clients. It lets a whole conversation run inside a synctest bubble.
type Wire struct {
	calls chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// Pipe makes a Wire.
func Pipe() *Wire {
	return &Wire{calls: make(chan net.Conn), done: make(chan struct{})}
}

// Accept implements net.Listener.
func (w *Wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.calls:
		return c, nil
	case <-w.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (w *Wire) Close() error {
	w.once.Do(func() { close(w.done) })
	return nil
}

type wireAddress struct{}

func (wireAddress) Network() string { return "pipe" }
func (wireAddress) String() string  { return "discord.pipe" }

// Addr implements net.Listener.
func (*Wire) Addr() net.Addr { return wireAddress{} }

// Dial connects to the listener, whatever address is named.
func (w *Wire) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case w.calls <- server:
		return client, nil
	case <-w.done:
	case <-ctx.Done():
	}
	client.Close()
	server.Close()
	return nil, &net.OpError{Op: "dial", Net: "pipe", Err: net.ErrClosed}
}

// Client is an HTTP client over the wire.
func (w *Wire) Client() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: w.Dial}}
}
