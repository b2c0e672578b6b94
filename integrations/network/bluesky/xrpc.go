package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"crieur/bot/outbox"
	"crieur/bot/secret"
)

// session is what createSession and refreshSession answer. Sessions are few
// (30 in 5 minutes, 300 a day), so one is kept and renewed.
type session struct {
	DID     string        `json:"did"`
	Handle  string        `json:"handle"`
	Access  secret.Secret `json:"accessJwt"`
	Refresh secret.Secret `json:"refreshJwt"`
}

// request is one XRPC call.
type request struct {
	method, name string
	params       url.Values
	body         []byte
	contentType  string
}

func query(name string, params url.Values) request {
	return request{method: http.MethodGet, name: name, params: params}
}

func procedure(name string, input any) request {
	body, err := json.Marshal(input)
	if err != nil { // maps of strings and our own structs always encode
		panic(fmt.Sprintf("encode %s: %v", name, err))
	}
	return request{method: http.MethodPost, name: name, body: body, contentType: "application/json"}
}

// xrpcError is the name that the service gave to a refusal.
type xrpcError struct {
	Name string
	err  *outbox.Error
}

func (e *xrpcError) Error() string { return e.Name + ": " + e.err.Error() }

func (e *xrpcError) Unwrap() error { return e.err }

// call makes an authorised call. A token that has expired is renewed once: the
// service refused the call before doing anything, so repeating it is safe.
func (p *Publisher) call(ctx context.Context, r request, into any) error {
	if err := p.signIn(ctx); err != nil {
		return err
	}
	used := p.token()
	err := p.send(ctx, r, used, into)
	if !named(err, "ExpiredToken", "InvalidToken") {
		return err
	}
	if err := p.renew(ctx, used); err != nil {
		return err
	}
	return p.send(ctx, r, p.token(), into)
}

// send makes one HTTP call with the given token, or none.
func (p *Publisher) send(ctx context.Context, r request, token secret.Secret, into any) error {
	address := p.config.Service + "/xrpc/" + r.name
	if len(r.params) > 0 {
		address += "?" + r.params.Encode()
	}
	req, err := p.http.Request(ctx, r.method, address, bytes.NewReader(r.body))
	if err != nil {
		return err
	}
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	answer, err := p.http.Do(req)
	if err != nil {
		return refusal(err, answer.Body)
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		fault := outbox.Ambiguous // it was accepted, but nobody knows as what
		if r.method == http.MethodGet {
			fault = outbox.Temporary
		}
		if len(answer.Body) == 0 { // deleteRecord may say nothing
			return nil
		}
		return &outbox.Error{Fault: fault, Reason: "network.unanswered", Args: p.args(), Err: fmt.Errorf("read answer of %s: %w", r.name, err)}
	}
	return nil
}

// refusal adds to a refusal the name that its body gives, and what it means
// where the status alone says too little.
func refusal(err error, body []byte) error {
	var known *outbox.Error
	var named struct {
		Error string `json:"error"`
	}
	if !errors.As(err, &known) || json.Unmarshal(body, &named) != nil || named.Error == "" {
		return err
	}
	changed := *known
	switch named.Error {
	case "AccountTakedown", "AccountSuspended", "AccountDeactivated", "AuthFactorTokenRequired", "AuthMissing":
		changed.Fault, changed.Reason = outbox.Denied, "network.denied"
	case "RecordNotFound", "RepoNotFound":
		changed.Fault, changed.Reason = outbox.Gone, "network.gone"
	}
	return &xrpcError{Name: named.Error, err: &changed}
}

func named(err error, names ...string) bool {
	var x *xrpcError
	if !errors.As(err, &x) {
		return false
	}
	for _, name := range names {
		if x.Name == name {
			return true
		}
	}
	return false
}

// signIn opens a session if there is none.
func (p *Publisher) signIn(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.session.Access != "" {
		return nil
	}
	return p.create(ctx)
}

// renew replaces the token that was refused, unless another call has done so.
func (p *Publisher) renew(ctx context.Context, refused secret.Secret) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.session.Access != refused {
		return nil
	}
	var fresh session
	err := p.send(ctx, request{method: http.MethodPost, name: "com.atproto.server.refreshSession"}, p.session.Refresh, &fresh)
	switch {
	case err == nil:
		return p.keep(fresh)
	case named(err, "ExpiredToken", "InvalidToken") || outbox.FaultOf(err) == outbox.Denied:
		return p.create(ctx)
	}
	return signInError(err)
}

func (p *Publisher) create(ctx context.Context) error {
	var fresh session
	body, err := json.Marshal(map[string]string{"identifier": p.config.Handle, "password": p.config.Password.Reveal()})
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	err = p.send(ctx, request{method: http.MethodPost, name: "com.atproto.server.createSession", body: body,
		contentType: "application/json"}, "", &fresh)
	if err != nil {
		return signInError(err)
	}
	return p.keep(fresh)
}

// keep remembers a session; one without its parts is a refusal.
func (p *Publisher) keep(fresh session) error {
	if fresh.DID == "" || fresh.Access == "" || fresh.Refresh == "" {
		return &outbox.Error{Fault: outbox.Denied, Reason: "network.denied", Args: p.args(), Err: errors.New("session without tokens")}
	}
	p.session = fresh
	return nil
}

// signInError: nothing was published by signing in, so it may be tried again.
func signInError(err error) error {
	var e *outbox.Error
	if !errors.As(err, &e) || e.Fault != outbox.Ambiguous {
		return err
	}
	changed := *e
	changed.Fault, changed.Reason = outbox.Temporary, "network.unreachable"
	return &changed
}

func (p *Publisher) token() secret.Secret {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.session.Access
}

// self returns the account's DID; there is a session.
func (p *Publisher) self() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.session.DID
}
