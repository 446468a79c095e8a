#!/usr/bin/env bash
# Replaces the containers of a service, one after another, by containers of another version, newer or older:
#   COMPOSE_FILE=docker-compose.yml:deploy/compose.replicas.yml deploy/roll.sh ledger 0.2.0
# A new container is ready before an old one is stopped. Migrations only add, so both versions can use the tables.
set -euo pipefail
cd "$(dirname "$0")/.."
service=$1
export VERSION=$2

docker compose run --rm --no-deps "migrate-$service"
old=$(docker compose ps --quiet "$service")
count=$(wc --lines <<<"$old")
for container in $old; do
  docker compose up --detach --wait --no-deps --no-recreate --scale "$service=$((count + 1))" "$service"
  docker stop "$container"
  docker rm "$container"
done
docker compose ps --format '{{.Name}} {{.Image}} {{.Status}}' "$service"
