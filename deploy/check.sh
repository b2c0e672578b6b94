#!/usr/bin/env bash
# The whole check: format, vet, staticcheck, tests with the race detector in a
# shuffled order, against real Redis servers and a real browser. What it needs
# beyond Go it installs where it can (Debian, as root) and names where it cannot.
#
#   deploy/check.sh           what CI runs; no test is skipped
#   deploy/check.sh --long    the long campaigns too, whole
set -euo pipefail
cd "$(dirname "$0")/.."

long=""
for argument in "$@"; do
  case "$argument" in
    --long) long=1 ;;
    *) echo "check.sh: unknown argument $argument (only --long)" >&2; exit 2 ;;
  esac
done

staticcheck_version=v0.8.2

say() { printf '\n== %s\n' "$*"; }

# need COMMAND PACKAGE: the command is there, or Debian's package brings it.
need() {
  command -v "$1" >/dev/null && return
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    say "installing $2"
    [ -n "${updated:-}" ] || { apt-get -qq update; updated=1; }
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$2" >/dev/null
  else
    echo "check.sh: $1 is missing; install it: apt-get install $2" >&2
    exit 1
  fi
}

# report_failures LOG: what went wrong, with the names last: a reader of a cut
# output sees its end. What a test said stands where it said it, so it is
# gathered by name; the last lines of each that failed are shown.
report_failures() {
  grep -A 40 -e '^panic:' -e 'WARNING: DATA RACE' "$1" | tail -n 200 || true
  say "what the failed tests said"
  awk '
    /^=== (RUN|CONT|NAME|PAUSE) / { name = $3; next }
    /^ *--- FAIL: / { failed[$3] = 1; next }
    name != "" && !/^ *--- / { n = ++count[name]; line[name, n] = substr($0, 1, 400) }
    END {
      for (name in failed) {
        if (!count[name]) continue
        print "-- " name
        for (n = (count[name] > 60 ? count[name] - 59 : 1); n <= count[name]; n++) print line[name, n]
      }
    }' "$1" | tail -n 400
  say "failed"
  grep -e '^ *--- FAIL' -e '^FAIL.' "$1"
}

say "tools"
need redis-server redis-server
need chromium chromium
need gcc gcc
need ps procps

say "gofmt"
unformatted=$(gofmt -l $(git ls-files '*.go'))
[ -z "$unformatted" ] || { echo "not formatted: $unformatted" >&2; exit 1; }

say "go vet"
go vet ./...

say "staticcheck $staticcheck_version"
go run "honnef.co/go/tools/cmd/staticcheck@$staticcheck_version" ./...

say "go test -race -shuffle=on"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
go test -race -shuffle=on -timeout 45m -v ./... >"$log" 2>&1 || { report_failures "$log"; exit 1; }
passed=$(grep -c -e '^ *--- PASS' "$log" || true)
failed=$(grep -c -e '^ *--- FAIL' "$log" || true)
skipped=$(grep -c -e '^ *--- SKIP' "$log" || true)
# A test may be skipped only because it is a tool that a flag turns on (pictures,
# a sample to look at, other people's suites). One that misses a program hides
# something, and fails the check.
if [ "$skipped" != 0 ]; then
  echo "skipped:"
  grep -B1 -e '^ *--- SKIP' "$log" | grep -v -e '^--$'
  hidden=$(grep -B1 -e '^ *--- SKIP' "$log" | grep -e '_test.go:' -e '\.go:[0-9]' | grep -v 'only with -' || true)
  [ -z "$hidden" ] || { echo "skipped without a flag: $hidden" >&2; exit 1; }
fi

if [ -n "$long" ]; then
  say "long campaigns"
  CRIEUR_LONG=1 go test -count=1 -timeout 6h -v -run 'Campaign|Crash|Storm|Kills|Refreshes|Stuck|Extreme' ./...
fi

echo "$passed passed, $failed failed, $skipped skipped"
