package secret_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"crieur/bot/secret"
)

const value = "tok-5e4dbeef"

type account struct {
	Name  string
	Token secret.Secret
}

func TestNothingShowsIt(t *testing.T) {
	token := secret.Secret(value)
	holder := account{Name: "colibri", Token: token}
	shown := map[string]string{"error": fmt.Errorf("call with %v: %w", token, errors.New("no")).Error()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		shown[verb] = fmt.Sprintf(verb, token)
		shown[verb+" in a struct"] = fmt.Sprintf(verb, holder)
		shown[verb+" in a pointer"] = fmt.Sprintf(verb, &holder)
		shown[verb+" in a map"] = fmt.Sprintf(verb, map[string]secret.Secret{"k": token})
	}
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"text log": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"JSON log": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var out bytes.Buffer
		slog.New(handler(&out)).Info("x", "token", token, "holder", holder, "pointer", &holder)
		shown[name] = out.String()
	}
	encoded, err := json.Marshal(map[string]account{"x": holder})
	if err != nil {
		t.Fatal(err)
	}
	shown["json"] = string(encoded)
	if encoded, err = yaml.Marshal(holder); err != nil {
		t.Fatal(err)
	}
	shown["yaml"] = string(encoded)
	for how, text := range shown {
		if strings.Contains(text, value) || strings.Contains(strings.ToLower(text), hex.EncodeToString([]byte(value))) {
			t.Errorf("%s shows it: %s", how, text)
		}
		if !strings.Contains(text, secret.Mark) {
			t.Errorf("%s = %q, want the mark in it", how, text)
		}
	}
}

func TestReveal(t *testing.T) {
	var holder account
	if err := json.Unmarshal([]byte(`{"Token":"`+value+`"}`), &holder); err != nil {
		t.Fatal(err)
	}
	if holder.Token.Reveal() != value {
		t.Errorf("reveal = %q", holder.Token.Reveal())
	}
	if got := fmt.Sprintf("%v|%#v", secret.Secret(""), secret.Secret("")); got != "|" {
		t.Errorf("the unset secret prints %q", got)
	}
}
