package secret_test

import (
	"bytes"
	"errors"
	"testing"

	"crieur/bot/secret"
)

func TestBox(t *testing.T) {
	box := secret.NewBox([]byte("key"), "answers")
	for _, plain := range []string{"", value, "l’adresse de l’agenda"} {
		sealed := box.Seal([]byte(plain))
		if plain != "" && bytes.Contains(sealed, []byte(plain)) {
			t.Errorf("%q can be read: %q", plain, sealed)
		}
		if bytes.Equal(sealed, box.Seal([]byte(plain))) {
			t.Errorf("%q is sealed twice alike", plain)
		}
		opened, err := secret.NewBox([]byte("key"), "answers").Open(sealed)
		if err != nil || string(opened) != plain {
			t.Errorf("%q opens as %q, %v", plain, opened, err)
		}
		bent := bytes.Clone(sealed)
		bent[len(bent)-1] ^= 1
		for name, open := range map[string]func() ([]byte, error){
			"another key": func() ([]byte, error) { return secret.NewBox([]byte("kez"), "answers").Open(sealed) },
			"another use": func() ([]byte, error) { return secret.NewBox([]byte("key"), "pages").Open(sealed) },
			"changed":     func() ([]byte, error) { return box.Open(bent) },
			"cut":         func() ([]byte, error) { return box.Open(sealed[:len(sealed)-1]) },
			"nothing":     func() ([]byte, error) { return box.Open(nil) },
		} {
			if got, err := open(); !errors.Is(err, secret.ErrSealed) || got != nil {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
	}
}
