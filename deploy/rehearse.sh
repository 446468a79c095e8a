#!/usr/bin/env bash
# Rehearses the steps of docs/operations.md on a running installation, under traffic. Exit 0 if no claim was lost or
# doubled. Never use it on an installation that people use.
#   deploy/rehearse.sh kill | scale | restore | upgrade <other version> | broker
set -euo pipefail
cd "$(dirname "$0")/.."
VERSION=${VERSION:-0.1.0}

say() { echo "== $(date +%T) $*"; }
psql() { docker compose exec --no-TTY postgres psql --username=postgres --no-psqlrc --quiet --tuples-only --no-align "$@"; }

# Runs a function while clients claim. Fails if the counts differ from the answers.
under_traffic() {
  local seconds=$1 output
  shift
  output=$(mktemp)
  docker compose run --rm --no-TTY --no-deps traffic --seconds "$seconds" --clients "${CLIENTS:-8}" >"$output" 2>&1 &
  local traffic=$!
  until grep --quiet 'clients' "$output"; do
    kill -0 $traffic 2>/dev/null || { cat "$output"; return 1; }
    sleep 0.2
  done
  sleep 5
  "$@"
  say 'waiting for the traffic to end'
  local code=0
  wait $traffic || code=$?
  cat "$output"
  rm "$output"
  return $code
}

kill_and_start() {
  say 'docker compose kill ledger'
  docker compose kill ledger
  sleep 5
  docker compose up --detach --wait --no-deps ledger
  say 'the ledger is back'
  sleep 5
  say 'every process of the ledger dies; its restart policy brings it back'
  docker compose exec --no-TTY ledger node --eval 'process.kill(-1, "SIGKILL")' || true
  sleep 3
  docker compose up --detach --wait --no-deps --no-recreate ledger
  say "the ledger is back, restarts: $(docker inspect --format '{{.RestartCount}}' "$(docker compose ps --quiet ledger)")"
}

roll_and_back() {
  local service
  for service in ledger config page-delivery; do
    say "$service: $VERSION -> $1"
    deploy/roll.sh "$service" "$1"
    say "$service: $1 -> $VERSION"
    deploy/roll.sh "$service" "$VERSION"
  done
}

members() {
  docker compose exec --no-TTY kafka /opt/kafka/bin/kafka-consumer-groups.sh --bootstrap-server kafka:9092 \
    --command-config /secrets/kafka/admin.properties --describe --group ledger --members
}

two_ledgers() {
  say 'two ledgers'
  docker compose up --detach --wait --no-deps --no-recreate --scale ledger=2 ledger
  sleep 5
  members
  say 'one of them is killed'
  docker kill "$(docker compose ps --quiet ledger | head --lines=1)"
  sleep 15
  members
  docker compose up --detach --wait --no-deps --scale ledger=1 ledger
}

# What must be the same when it is decided again: all but the moment of deciding, which an event's id contains.
decided() {
  psql --dbname=ledger --command="SELECT count(*), md5(string_agg(concat_ws('|', partition, seq, type, voucher_id,
    voucher_version, submission_id, user_id, claim_id, redemption_id, reason, at, occurred_at,
    data::jsonb - 'decidedAt', facts), E'\n' ORDER BY partition, seq)) FROM events"
}
cursor() { psql --dbname=ledger --command='SELECT sum(next_offset) FROM cursor'; }

back_up_and_restore() {
  local backup before was
  backup=$(mktemp)
  under_traffic 20 back_up "$backup"
  before=$(decided)
  was=$(cursor)
  say "decided: $before"
  say 'the ledger gets its database of before'
  docker compose stop ledger
  docker compose exec --no-TTY postgres dropdb --username=postgres --force ledger
  docker compose exec --no-TTY postgres createdb --username=postgres --owner=migrate ledger
  docker compose exec --no-TTY postgres pg_restore --username=migrate --no-owner --dbname=ledger --exit-on-error <"$backup"
  docker compose run --rm --no-TTY --no-deps logins
  docker compose run --rm --no-TTY --no-deps migrate-ledger
  rm "$backup"
  say "restored: $(decided), cursor $(cursor) of $was"
  docker compose up --detach --wait --no-deps ledger
  until [ "$(cursor)" -ge "$was" ]; do sleep 1; done
  say "again:   $(decided)"
  [ "$(decided)" = "$before" ]
  say 'the same again; and the platform goes on'
  under_traffic 15 true
}

back_up() {
  docker compose exec --no-TTY postgres pg_dump --username=migrate --format=custom ledger >"$1"
  say "backed up, cursor $(cursor)"
}

lose_a_broker() {
  say 'broker 2 is lost'
  docker compose kill kafka-2
  sleep 20
  docker compose up --detach --wait --no-deps kafka-2
  say 'broker 2 is back'
  sleep 10
  say 'broker 1, the first that the services know, is lost'
  docker compose kill kafka
  sleep 20
  docker compose up --detach --wait --no-deps kafka
  say 'broker 1 is back'
}

case ${1:-} in
kill) under_traffic "${SECONDS_OF_TRAFFIC:-60}" kill_and_start ;;
scale) under_traffic "${SECONDS_OF_TRAFFIC:-60}" two_ledgers ;;
restore) back_up_and_restore ;;
upgrade) under_traffic "${SECONDS_OF_TRAFFIC:-150}" roll_and_back "$2" ;;
broker) under_traffic "${SECONDS_OF_TRAFFIC:-80}" lose_a_broker ;;
*)
  echo 'usage: deploy/rehearse.sh kill | scale | restore | upgrade <other version> | broker' >&2
  exit 2
  ;;
esac
say "$1: well"
