#!/usr/bin/env bash
# Makes again what a service keeps from events, and compares it with the live rows: deploy/rebuild.sh ledger
# It logs in as the owner of the tables, whose password the running containers do not have. Exit 1 if rows differed.
set -euo pipefail
cd "$(dirname "$0")/.."
service=$1
docker compose run --rm --no-TTY --no-deps \
  --volume "${COMPOSE_PROJECT_NAME:-voucher-platform}_migrate-secret:/secrets/migrate:ro" \
  --env "DATABASE_URL=${DATABASE_URL:-postgres://migrate@postgres:5432/postgres}" \
  --env "DATABASE_PASSWORD_FILE=${MIGRATE_PASSWORD_FILE-/secrets/migrate/database}" \
  "$service" "apps/$service/dist/rebuild.js"
