package attach_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/integrations/internal/attach"
)

type files map[string]io.Reader

func (f files) Open(_ context.Context, digest string) (io.ReadCloser, error) {
	if r, ok := f[digest]; ok {
		return io.NopCloser(r), nil
	}
	return nil, os.ErrNotExist
}

func digest(data string) string {
	sum := sha256.Sum256([]byte(data))
	return hex.EncodeToString(sum[:])
}

var limits = attach.Limits{Name: "N", Count: 2, Alt: 3, Bytes: 4}

func TestRead(t *testing.T) {
	for _, test := range []struct {
		name   string
		files  attach.Files
		digest string
		fault  outbox.Fault
		reason string
	}{
		{"good", files{digest("abcd"): strings.NewReader("abcd")}, digest("abcd"), 0, ""},
		{"too big", files{digest("abcde"): strings.NewReader("abcde")}, digest("abcde"), outbox.Rejected, "media_too_big"},
		{"other bytes", files{digest("abcd"): strings.NewReader("abce")}, digest("abcd"), outbox.Rejected, "changed"},
		{"not there", files{}, "x", outbox.Rejected, "media_missing"},
		{"no store", nil, "x", outbox.Rejected, "media_missing"},
		{"disk", files{"x": iotest.ErrReader(errors.New("disk"))}, "x", outbox.Temporary, "media_missing"},
	} {
		data, err := attach.Read(t.Context(), test.files, content.Media{Digest: test.digest, Name: "a.png"}, limits)
		if test.reason == "" {
			if err != nil || !bytes.Equal(data, []byte("abcd")) {
				t.Errorf("%s: %q %v", test.name, data, err)
			}
			continue
		}
		var e *outbox.Error
		if !errors.As(err, &e) || e.Fault != test.fault || e.Reason != "network."+test.reason || e.Args["Name"] != "N" || data != nil {
			t.Errorf("%s: %q %+v", test.name, data, err)
		}
	}
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		media  []content.Media
		reason string
	}{
		"none":         {nil, ""},
		"at the limit": {[]content.Media{{Alt: "été", Size: 4}, {}}, ""},
		"too many":     {make([]content.Media, 3), "too_many_media"},
		"alt":          {[]content.Media{{Alt: "étés"}}, "alt_too_long"},
		"size":         {[]content.Media{{Size: 5}}, "media_too_big"},
	} {
		err := attach.Check(test.media, limits)
		var e *outbox.Error
		switch {
		case test.reason == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.reason != "" && (!errors.As(err, &e) || e.Reason != "network."+test.reason):
			t.Errorf("%s: %v", name, err)
		}
	}
	var e *outbox.Error
	big := attach.Limits{Name: "N", Count: 1, Bytes: 1_000_000}
	if err := attach.Check([]content.Media{{Size: 2_000_000, Name: "b.png"}}, big); !errors.As(err, &e) || e.Args["Size"] != "1" || e.Args["File"] != "b.png" {
		t.Errorf("words of a size: %v", err)
	}
}

func TestUploads(t *testing.T) {
	var u attach.Uploads
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	red, blue := content.Media{Digest: "1", Alt: "rouge"}, content.Media{Digest: "1", Alt: "bleu"}
	if u.Ref("k", red, now) != "" {
		t.Error("known before")
	}
	u.Keep("k", red, "r1", now)
	if got := u.Ref("k", red, now.Add(30*time.Minute)); got != "r1" {
		t.Errorf("ref = %q", got)
	}
	for name, got := range map[string]string{"other words": u.Ref("k", blue, now), "other order": u.Ref("k2", red, now), "too old": u.Ref("k", red, now.Add(31*time.Minute))} {
		if got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	u.Keep("k", blue, "b1", now)
	u.Forget("k", []content.Media{red})
	if u.Ref("k", red, now) != "" || u.Ref("k", blue, now) != "b1" {
		t.Error("forgot the wrong one")
	}
}

func TestHarmless(t *testing.T) {
	for fault, want := range map[outbox.Fault]outbox.Fault{outbox.Ambiguous: outbox.Temporary, outbox.Denied: outbox.Denied, outbox.Limited: outbox.Limited} {
		given := &outbox.Error{Fault: fault, Reason: "network.x"}
		if got := attach.Harmless(given); got.Fault != want || given.Fault != fault {
			t.Errorf("%v became %v", fault, got.Fault)
		}
	}
}
