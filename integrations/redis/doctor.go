package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Finding is one thing that the doctor saw. Fix is empty when all is well.
type Finding struct {
	What, Fix string
	// Advice says that Crieur works all the same.
	Advice bool
}

// Doctor looks at how Redis is set up. It only reads.
type Doctor struct{ Client goredis.UniversalClient }

// oldest is the version that the scripts are written for.
const oldestMajor, oldestMinor = 6, 2

// Look checks version, durability, memory, cluster and clock. The only error is
// that Redis does not answer.
func (d *Doctor) Look(ctx context.Context) ([]Finding, error) {
	info, err := d.Client.Info(ctx, "server", "replication").Result()
	if err != nil {
		return nil, fmt.Errorf("ask Redis what it is: %w", err)
	}
	found := []Finding{versionOf(info)}
	found = append(found, d.durable(ctx)...)
	found = append(found, d.memory(ctx))
	if strings.Contains(info, "redis_mode:cluster") {
		found = append(found, d.cluster(ctx))
	}
	return append(found, d.clock(ctx)), nil
}

func versionOf(info string) Finding {
	name, version := "Redis", field(info, "redis_version")
	if valkey := field(info, "valkey_version"); valkey != "" {
		name, version = "Valkey", valkey
	}
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return Finding{What: "The version of Redis cannot be read.", Fix: "Use Redis 6.2 or newer, or Valkey.", Advice: true}
	}
	major, _ := strconv.Atoi(parts[0])
	minor, _ := strconv.Atoi(parts[1])
	if name == "Redis" && (major < oldestMajor || major == oldestMajor && minor < oldestMinor) {
		return Finding{What: fmt.Sprintf("Redis is version %s.", version), Fix: "Use Redis 6.2 or newer, or Valkey."}
	}
	return Finding{What: fmt.Sprintf("%s %s.", name, version)}
}

func field(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+":"); ok {
			return value
		}
	}
	return ""
}

// setting reads one of Redis's own settings; known is false where that is not
// allowed, as with many hosts.
func (d *Doctor) setting(ctx context.Context, name string) (value string, known bool) {
	settings, err := d.Client.ConfigGet(ctx, name).Result()
	if err != nil {
		return "", false
	}
	value, known = settings[name]
	return value, known
}

// WritesAtOnce says that every change is on disk before Redis answers. It is
// false where that cannot be known.
func (d *Doctor) WritesAtOnce(ctx context.Context) bool {
	on, _ := d.setting(ctx, "appendonly")
	when, _ := d.setting(ctx, "appendfsync")
	return on == "yes" && when == "always"
}

// Replicated says that a replica follows the server: then what must not be done
// twice needs one to have it before it leaves, since the replica may take over.
func (d *Doctor) Replicated(ctx context.Context) bool {
	info, err := d.Client.Info(ctx, "replication").Result()
	count, _ := strconv.Atoi(field(info, "connected_slaves"))
	return err == nil && count > 0
}

func (d *Doctor) durable(ctx context.Context) []Finding {
	on, known := d.setting(ctx, "appendonly")
	when, _ := d.setting(ctx, "appendfsync")
	switch {
	case !known:
		return []Finding{{What: "How Redis writes to disk cannot be read.", Advice: true,
			Fix: "Ask whoever runs it for an append-only file (appendonly yes). Posts leave 3 s later meanwhile."}}
	case on != "yes":
		return []Finding{{What: "Redis keeps no append-only file: after a power cut, what was approved may be lost.",
			Fix: "Set appendonly yes and appendfsync always in redis.conf, then CONFIG REWRITE."}}
	case when == "always":
		return []Finding{{What: "Every change is on disk before Redis answers (appendfsync always)."}}
	case when == "everysec":
		return []Finding{{What: "Redis writes to disk once a second (appendfsync everysec): posts leave 3 s later, so that none leaves twice.",
			Fix: "For no wait: appendfsync always.", Advice: true}}
	}
	return []Finding{{What: "Redis leaves writing to the system (appendfsync " + when + "): a power cut may lose half a minute.",
		Fix: "Set appendfsync always, or everysec."}}
}

func (d *Doctor) memory(ctx context.Context) Finding {
	policy, known := d.setting(ctx, "maxmemory-policy")
	most, _ := d.setting(ctx, "maxmemory")
	switch {
	case !known:
		return Finding{What: "What Redis does when its memory is full cannot be read.", Fix: "It must be maxmemory-policy noeviction.", Advice: true}
	case policy == "noeviction":
		return Finding{What: "Redis never throws anything away (noeviction)."}
	case most == "0":
		return Finding{What: "Redis has no memory limit, so it throws nothing away; with one it would (" + policy + ").",
			Fix: "Set maxmemory-policy noeviction.", Advice: true}
	}
	return Finding{What: "Redis throws things away when its memory is full (" + policy + ").", Fix: "Set maxmemory-policy noeviction."}
}

func (d *Doctor) cluster(ctx context.Context) Finding {
	info, err := d.Client.ClusterInfo(ctx).Result()
	if _, whole := d.Client.(*goredis.ClusterClient); !whole {
		return Finding{What: "This server is part of a Cluster, but the address says that it is alone.",
			Fix: "Write redis.url as redis+cluster://host1:6379,host2:6379."}
	}
	if err != nil || field(info, "cluster_state") != "ok" {
		return Finding{What: "The Cluster is not whole.", Fix: "Look at: redis-cli cluster info. All 16384 slots must be served."}
	}
	return Finding{What: "The Cluster is whole."}
}

func (d *Doctor) clock(ctx context.Context) Finding {
	clock := NewClock(d.Client, time.Now)
	err := clock.Measure(ctx)
	offset := clock.Offset().Round(time.Millisecond)
	switch {
	case err != nil || clock.Doubt() > MostDoubt:
		return Finding{What: fmt.Sprintf("Redis takes too long to answer to share its clock (doubt %s).", clock.Doubt().Round(time.Millisecond)),
			Fix: "Bring Crieur and Redis closer to each other: the same machine, or the same data centre."}
	case offset.Abs() > 30*time.Second:
		return Finding{What: fmt.Sprintf("This machine's clock is %s away from that of Redis.", offset.Abs()),
			Fix: "Set both by a time server (timedatectl set-ntp true)."}
	}
	return Finding{What: fmt.Sprintf("The clocks agree (within %s).", max(offset.Abs(), clock.Doubt().Round(time.Millisecond), time.Millisecond))}
}
