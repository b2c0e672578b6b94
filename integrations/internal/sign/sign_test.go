package sign_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot/secret"
	"crieur/integrations/internal/sign"
)

func TestCheck(t *testing.T) {
	const key = secret.Secret("0123456789abcdef")
	now := time.Unix(1_795_680_000, 0)
	body := []byte(`{"id":"1"}`)
	at, signature := sign.Body(key, body, now)
	// Computed apart: printf '1795680000.{"id":"1"}' | openssl dgst -sha256 -hmac 0123456789abcdef
	const golden = "v1=b423d1b12b756c4b675d24fd46656bb755bd4a052455a4ff12534c275e03fc99"
	if signature != golden || at != "1795680000" {
		t.Errorf("signed %s %s, want %s", at, signature, golden)
	}
	for _, test := range []struct {
		name          string
		key           secret.Secret
		at, signature string
		body          string
		now           time.Time
		want          error
	}{
		{"good", key, at, signature, string(body), now, nil},
		{"good at the edge", key, at, signature, string(body), now.Add(sign.Tolerance), nil},
		{"sender's clock ahead", key, at, signature, string(body), now.Add(-sign.Tolerance), nil},
		{"stale", key, at, signature, string(body), now.Add(sign.Tolerance + time.Second), sign.ErrStale},
		{"from the future", key, at, signature, string(body), now.Add(-sign.Tolerance - time.Second), sign.ErrStale},
		{"other body", key, at, signature, `{"id":"2"}`, now, sign.ErrForged},
		{"other time", key, "1795680001", signature, string(body), now, sign.ErrForged},
		{"dot moved", key, at + ".{", signature, `"id":"1"}`, now, sign.ErrForged},
		{"other key", "other", at, signature, string(body), now, sign.ErrForged},
		{"no key", "", at, signature, string(body), now, sign.ErrKey},
		{"no signature", key, at, "", string(body), now, sign.ErrForged},
		{"only the version", key, at, "v1=", string(body), now, sign.ErrForged},
		{"no version", key, at, strings.TrimPrefix(signature, "v1="), string(body), now, sign.ErrForged},
		{"cut", key, at, signature[:40], string(body), now, sign.ErrForged},
		{"not hex", key, at, "v1=zz", string(body), now, sign.ErrForged},
	} {
		if err := sign.Check(test.key, test.at, test.signature, []byte(test.body), test.now); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	_, odd := sign.Body(key, nil, now)
	if err := sign.Check(key, "soon", odd, nil, now); !errors.Is(err, sign.ErrForged) {
		t.Errorf("unreadable time: %v", err)
	}
}
