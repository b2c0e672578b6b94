package redis_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"crieur/bot/secret"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

func redisSecret(address string) secret.Secret { return secret.Secret(address) }

func look(t *testing.T, address string) string {
	t.Helper()
	client, err := redis.Connect(redisSecret(address))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	found, err := (&redis.Doctor{Client: client}).Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, f := range found {
		mark := "ok "
		if f.Fix != "" && f.Advice {
			mark = "advice "
		} else if f.Fix != "" {
			mark = "problem "
		}
		said += mark + f.What + " " + f.Fix + "\n"
	}
	return said
}

// TestDoctor changes one setting after another of a real server.
func TestDoctor(t *testing.T) {
	address := redistest.Server(t)
	said := look(t, "redis://"+address)
	if strings.Contains(said, "problem") || strings.Contains(said, "advice") {
		t.Errorf("a good server: %s", said)
	}
	for _, test := range []struct{ name, value, back, want string }{
		{"appendfsync", "everysec", "always", "advice Redis writes to disk once a second"},
		{"appendfsync", "no", "always", "problem Redis leaves writing to the system"},
		{"maxmemory-policy", "allkeys-lru", "", "advice Redis has no memory limit"},
		{"maxmemory", "100mb", "", "problem Redis throws things away when its memory is full (allkeys-lru)."},
		{"appendonly", "no", "", "problem Redis keeps no append-only file"},
	} {
		client, err := redis.Connect(redisSecret("redis://" + address))
		if err != nil {
			t.Fatal(err)
		}
		if err := client.ConfigSet(t.Context(), test.name, test.value).Err(); err != nil {
			t.Fatal(err)
		}
		if said := look(t, "redis://"+address); !strings.Contains(said, test.want) {
			t.Errorf("%s %s: %s", test.name, test.value, said)
		}
		if test.back != "" {
			client.ConfigSet(t.Context(), test.name, test.back)
		}
		client.Close()
	}
}

// TestDeployedServer: what deploy/redis.conf sets is what Crieur counts on.
func TestDeployedServer(t *testing.T) {
	conf, err := filepath.Abs(filepath.Join("..", "..", "deploy", "redis.conf"))
	if err != nil {
		t.Fatal(err)
	}
	server := redistest.Start(t, t.TempDir(), redistest.FreePort(t), "--include", conf)
	said := look(t, "redis://"+server.Addr)
	if strings.Contains(said, "problem") || strings.Contains(said, "advice") || !strings.Contains(said, "appendfsync always") {
		t.Error(said)
	}
}

func TestDoctorOnCluster(t *testing.T) {
	addrs := redistest.Cluster(t, 3)
	if said := look(t, "redis+cluster://"+strings.Join(addrs, ",")); !strings.Contains(said, "ok The Cluster is whole.") {
		t.Error(said)
	}
	if said := look(t, "redis://"+addrs[0]); !strings.Contains(said, "problem This server is part of a Cluster") {
		t.Error(said)
	}
}

func TestDoctorWithoutServer(t *testing.T) {
	client, err := redis.Connect("redis://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if found, err := (&redis.Doctor{Client: client}).Look(t.Context()); err == nil {
		t.Errorf("found %v", found)
	}
}

// TestFindServer takes Valkey where there is no Redis.
func TestFindServer(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if _, err := redis.FindServer(); err == nil {
		t.Error("found one on an empty PATH")
	}
	if path, err := exec.LookPath("/bin/true"); err == nil {
		if err := exec.Command("/bin/cp", path, filepath.Join(dir, "valkey-server")).Run(); err != nil {
			t.Fatal(err)
		}
		if got, err := redis.FindServer(); err != nil || filepath.Base(got) != "valkey-server" {
			t.Errorf("found %s, %v", got, err)
		}
	}
}
