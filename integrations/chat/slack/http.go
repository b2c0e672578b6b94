package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"crieur/bot/secret"
)

// clockSkew is how old or early a signed request may be.
const clockSkew = 5 * time.Minute

// ErrSignature says that a request was not signed by Slack, or not now.
var ErrSignature = errors.New("signature not valid")

// verify checks a v0 signature over the raw body.
func verify(key secret.Secret, header http.Header, body []byte, now time.Time) error {
	stamp := header.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || key == "" {
		return ErrSignature
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > clockSkew {
		return ErrSignature
	}
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	version, digits, _ := strings.Cut(header.Get("X-Slack-Signature"), "=")
	given, err := hex.DecodeString(digits)
	if err != nil || version != "v0" || !hmac.Equal(mac.Sum(nil), given) {
		return ErrSignature
	}
	return nil
}

// Handler takes Slack's requests: /slack/events, /slack/commands,
// /slack/interactions and /slack/options.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", a.serve(func(ctx context.Context, body []byte) (answer, error) {
		return a.takeEvent(ctx, body)
	}))
	mux.HandleFunc("POST /slack/commands", a.serve(func(ctx context.Context, body []byte) (answer, error) {
		c, err := commandOf(body)
		if err != nil {
			return answer{}, err
		}
		return a.takeCommand(ctx, c), nil
	}))
	interact := a.serve(func(ctx context.Context, body []byte) (answer, error) {
		// Only the signed body counts: an address is not signed.
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return answer{}, err
		}
		return a.takeInteraction(ctx, []byte(form.Get("payload")))
	})
	mux.HandleFunc("POST /slack/interactions", interact)
	mux.HandleFunc("POST /slack/options", interact)
	mux.HandleFunc("GET /slack/{what}", func(w http.ResponseWriter, r *http.Request) {
		if !probed([]byte(r.URL.RawQuery)) {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		}
	})
	return mux
}

// probed says that Slack only looks whether the certificate is valid. It signs no
// such request, so nothing else in it is read, and nothing runs.
func probed(form []byte) bool {
	for field := range bytes.SplitSeq(form, []byte("&")) {
		if string(field) == "ssl_check=1" {
			return true
		}
	}
	return false
}

// maxAtOnce is how much memory a body gets before any of it came. Whoever says that
// theirs is longer has shown nothing yet.
const maxAtOnce = 64 << 10

// bodyOf is a body of up to maxBody, read into one piece of memory where its length
// is given and not large.
func bodyOf(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	limited := http.MaxBytesReader(w, r.Body, maxBody)
	if r.ContentLength < 0 || r.ContentLength > maxAtOnce {
		return io.ReadAll(limited)
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(limited, body)
	return body, err
}

func refuseBody(w http.ResponseWriter, err error) {
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		http.Error(w, "request too large", http.StatusRequestEntityTooLarge)
		return
	}
	http.Error(w, "request not whole", http.StatusBadRequest)
}

// serve reads, verifies, takes, acknowledges; what follows the ack runs beside.
func (a *Adapter) serve(take func(context.Context, []byte) (answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := bodyOf(w, r)
		if err != nil {
			refuseBody(w, err)
			return
		}
		if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") && probed(body) {
			return
		}
		if err := verify(a.options.SigningSecret, r.Header, body, a.now()); err != nil {
			http.Error(w, "signature not valid", http.StatusUnauthorized)
			return
		}
		// A caller that hangs up must not undo what is being stored.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), ackBudget)
		defer cancel()
		out, err := take(ctx, body)
		if err != nil {
			a.log.Warn("request not understood", "path", r.URL.Path, "error", err)
			http.Error(w, "request not understood", http.StatusBadRequest)
			return
		}
		if out.refused {
			http.Error(w, "not stored", http.StatusServiceUnavailable)
			return
		}
		a.acknowledge(w, out)
		a.after(out)
	}
}

func (a *Adapter) acknowledge(w http.ResponseWriter, out answer) {
	var body []byte
	if out.body != nil {
		var err error
		if body, err = json.Marshal(out.body); err != nil {
			a.log.Warn("answer not written", "error", err)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	if out.then == nil { // it leaves when the handler returns
		w.Write(body) //nolint:errcheck // whoever asked has gone
		return
	}
	// What follows needs the ack to be on its way. With its length it is one packet:
	// flushed early, it would be two.
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body) //nolint:errcheck // as above
	_ = http.NewResponseController(w).Flush()
}
