package redis

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"crieur/bot/secret"
)

func TestAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"redis://localhost":                       "[localhost:6379] db=0 master= cluster=false tls=false",
		"redis://:pw@host:7000/3":                 "[host:7000] db=3 master= cluster=false tls=false",
		"rediss://user:pw@host":                   "[host:6379] db=0 master= cluster=false tls=true",
		"redis://[::1]:6380":                      "[[::1]:6380] db=0 master= cluster=false tls=false",
		"unix:///run/redis.sock?db=2":             "[/run/redis.sock] db=2 master= cluster=false tls=false",
		"redis+sentinel://:pw@a,b:1/0?master=one": "[a:26379 b:1] db=0 master=one cluster=false tls=false",
		"rediss+sentinel://a?master=one":          "[a:26379] db=0 master=one cluster=false tls=true",
		"redis+cluster://:pw@a:1,b:2,c":           "[a:1 b:2 c:6379] db=0 master= cluster=true tls=false",
		"redis+cluster://a/0":                     "[a:6379] db=0 master= cluster=true tls=false",
	} {
		o, err := optionsOf(secret.Secret(address))
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		got := fmt.Sprintf("%v db=%d master=%s cluster=%v tls=%v", o.Addrs, o.DB, o.MasterName, o.IsClusterMode, o.TLSConfig != nil)
		if got != want || !o.ContextTimeoutEnabled {
			t.Errorf("%s: %s", address, got)
		}
		if strings.Contains(address, "pw@") && o.Password != "pw" {
			t.Errorf("%s: password %q", address, o.Password)
		}
	}
}

func TestBadAddressesAreNotRepeated(t *testing.T) {
	for _, address := range []string{
		"", "hunter2", "http://:hunter2@host", "redis://:hunter2@a,b", "redis://:hunter2@host/zero", "redis+sentinel://:hunter2@a",
		"redis+cluster://:hunter2@a/3", "redis+magic://:hunter2@a", "unix://:hunter2@host/x", "redis://:hunter2@:6379", "redis://:hunter2@ho st\x7f",
	} {
		_, err := Connect(secret.Secret(address))
		if !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %v", address, err)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q is repeated: %v", address, err)
		}
	}
}

func TestClock(t *testing.T) {
	server := miniredis.RunT(t)
	client, err := Connect(secret.Secret("redis://" + server.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	machine := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	server.SetTime(machine.Add(90 * time.Second))
	clock := NewClock(client, func() time.Time { return machine })
	if clock.Doubt() < MostDoubt || !clock.Now().Equal(machine) {
		t.Errorf("before it is set: %s, doubt %s", clock.Now(), clock.Doubt())
	}
	if err := clock.Measure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := clock.Now().Sub(machine); got != 90*time.Second || clock.Offset() != got || clock.Doubt() != 0 {
		t.Errorf("offset %s, doubt %s", got, clock.Doubt())
	}
	// A machine that takes 400 ms to ask doubts 200 ms; an offset within that is none.
	asked := 0
	clock = NewClock(client, func() time.Time { asked++; return machine.Add(time.Duration(asked) * 400 * time.Millisecond) })
	server.SetTime(machine.Add(700 * time.Millisecond))
	if err := clock.Measure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if clock.Doubt() != 200*time.Millisecond || clock.Offset() != 0 {
		t.Errorf("offset %s, doubt %s", clock.Offset(), clock.Doubt())
	}
	server.Close()
	if err := clock.Measure(t.Context()); err == nil {
		t.Error("measured without a server")
	}
}

func TestVersions(t *testing.T) {
	for info, ok := range map[string]bool{
		"redis_version:7.0.15\r\n": true, "redis_version:6.2.0\r\n": true, "redis_version:6.0.9\r\n": false, "redis_version:5.0.7\r\n": false,
		"redis_version:7.2.4\r\nvalkey_version:8.0.1\r\n": true,
	} {
		if got := versionOf(info); (got.Fix == "") != ok {
			t.Errorf("%q: %+v", info, got)
		}
	}
	if got := versionOf(""); got.Fix == "" || !got.Advice {
		t.Errorf("no version: %+v", got)
	}
}

func TestFailsOver(t *testing.T) {
	for address, want := range map[secret.Secret]bool{
		"redis://a": false, "redis+cluster://a,b": false, "": false,
		"redis+sentinel://a,b?master=one": true, "rediss+sentinel://a?master=one": true,
	} {
		if got := FailsOver(address); got != want {
			t.Errorf("FailsOver(%q) = %v", address, got)
		}
	}
}
