package redis

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/secret"
)

// ErrAddress means that a Redis address cannot be read.
var ErrAddress = errors.New("not an address of Redis")

// addressFix says how they are written.
const addressFix = "write redis://:password@host:6379/0 (rediss:// for TLS, unix:///path/to/socket), " +
	"redis+sentinel://:password@host1:26379,host2:26379/0?master=name or redis+cluster://:password@host1:6379,host2:6379"

// IngressTimeout bounds storing what a chat application brings: the whole
// acknowledgement must stay well inside 3 s.
const IngressTimeout = 500 * time.Millisecond

// Connect returns a client for an address; nothing is called yet. Addresses may
// hold a password, so errors never repeat them. The schemes:
//
//	redis://[user:password@]host[:6379][/db]     one server; rediss:// with TLS
//	unix://[user:password@]/path/to/socket[?db=1]
//	redis+sentinel://[…]host1[:26379],host2/db?master=name[&sentinel_password=…]
//	redis+cluster://[…]host1[:6379],host2
//
// rediss+sentinel and rediss+cluster are the same with TLS.
func Connect(address secret.Secret) (goredis.UniversalClient, error) {
	o, err := optionsOf(address)
	if err != nil {
		return nil, err
	}
	return goredis.NewUniversalClient(o), nil
}

// ConnectIngress is Connect for the way in: no command is repeated or waited
// for longer than IngressTimeout, since whoever waits gives up after 3 s.
func ConnectIngress(address secret.Secret) (goredis.UniversalClient, error) {
	o, err := optionsOf(address)
	if err != nil {
		return nil, err
	}
	o.MaxRetries, o.DialerRetries = -1, 1
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = IngressTimeout, IngressTimeout, IngressTimeout, IngressTimeout
	return goredis.NewUniversalClient(o), nil
}

// FailsOver says whether sentinels watch over an address: a replica may take over
// at any time, even if none follows now.
func FailsOver(address secret.Secret) bool {
	o, err := optionsOf(address)
	return err == nil && o.MasterName != ""
}

func optionsOf(address secret.Secret) (*goredis.UniversalOptions, error) {
	text, hosts := withoutHosts(address.Reveal())
	u, err := url.Parse(text)
	if err != nil { // its text repeats the address
		return nil, fmt.Errorf("%w: %s", ErrAddress, addressFix)
	}
	o := &goredis.UniversalOptions{ContextTimeoutEnabled: true}
	scheme, kind, _ := strings.Cut(u.Scheme, "+")
	switch scheme {
	case "redis", "unix":
	case "rediss":
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	default:
		return nil, fmt.Errorf("%w: %s", ErrAddress, addressFix)
	}
	o.Username = u.User.Username()
	o.Password, _ = u.User.Password()
	database := strings.Trim(u.Path, "/")
	port := "6379"
	switch {
	case scheme == "unix":
		if kind != "" || !strings.HasPrefix(u.Path, "/") || hosts != "" {
			return nil, fmt.Errorf("%w: a socket is written unix:///path/to/socket", ErrAddress)
		}
		o.Addrs, database = []string{u.Path}, u.Query().Get("db")
	case kind == "":
	case kind == "sentinel":
		port = "26379"
		o.MasterName, o.SentinelPassword = u.Query().Get("master"), u.Query().Get("sentinel_password")
		if o.MasterName == "" {
			return nil, fmt.Errorf("%w: a Sentinel address ends in ?master= and the name that the sentinels give the server", ErrAddress)
		}
	case kind == "cluster":
		o.IsClusterMode = true
		if database != "" && database != "0" {
			return nil, fmt.Errorf("%w: a Cluster has no numbered databases: take /%s out", ErrAddress, database)
		}
	default:
		return nil, fmt.Errorf("%w: %s", ErrAddress, addressFix)
	}
	if o.Addrs == nil {
		if o.Addrs, err = hostsOf(hosts, port); err != nil {
			return nil, err
		}
	}
	if kind == "" && len(o.Addrs) > 1 {
		return nil, fmt.Errorf("%w: several hosts need redis+sentinel:// or redis+cluster://", ErrAddress)
	}
	if database != "" && !o.IsClusterMode {
		if o.DB, err = strconv.Atoi(database); err != nil || o.DB < 0 {
			return nil, fmt.Errorf("%w: the database is a number, as in /0", ErrAddress)
		}
	}
	return o, nil
}

// withoutHosts takes the hosts out of an address: several with ports are more
// than package url reads.
func withoutHosts(address string) (rest, hosts string) {
	scheme, after, found := strings.Cut(address, "://")
	if !found {
		return address, ""
	}
	end := strings.IndexAny(after, "/?#")
	if end < 0 {
		end = len(after)
	}
	start := strings.LastIndex(after[:end], "@") + 1
	return scheme + "://" + after[:start] + after[end:], after[start:end]
}

// hostsOf reads "host1:6379,host2", with the port that is meant when none is said.
func hostsOf(text, port string) ([]string, error) {
	var hosts []string
	for _, host := range strings.Split(text, ",") {
		if _, _, err := net.SplitHostPort(host); err != nil {
			host = net.JoinHostPort(strings.Trim(host, "[]"), port)
		}
		if strings.HasPrefix(host, ":") || strings.ContainsFunc(host, unicode.IsSpace) || strings.ContainsFunc(host, unicode.IsControl) {
			return nil, fmt.Errorf("%w: the host is missing", ErrAddress)
		}
		hosts = append(hosts, host)
	}
	return hosts, nil
}

// Client is a connection, as Connect makes one and NewStore takes one. Whoever
// wires the application holds it and calls nothing on it but Close.
type Client = goredis.UniversalClient
