package content_test

import (
	"testing"

	"crieur/bot/content"
	"crieur/bot/content/contenttest"
)

func TestFiles(t *testing.T) { contenttest.Run(t, &contenttest.Files{}) }

func TestTypeOf(t *testing.T) {
	for text, want := range map[string]string{
		string(contenttest.PNG()):          "image/png",
		"\xff\xd8\xff\xe0JFIF":             "image/jpeg",
		"GIF89a......":                     "image/gif",
		"RIFF\x00\x00\x00\x00WEBPVP8 ....": "image/webp",
	} {
		if kind, ok := content.TypeOf([]byte(text)); kind != want || !ok {
			t.Errorf("%.8q is %s, %v; want %s", text, kind, ok, want)
		}
	}
	for _, text := range []string{"", "<svg onload='alert(1)'/>", "%PDF-1.7", "<html>", "BM......"} {
		if kind, ok := content.TypeOf([]byte(text)); ok {
			t.Errorf("%q passes as %s", text, kind)
		}
	}
}
