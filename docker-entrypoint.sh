#!/bin/sh
# Before serving, the tables; then prickle takes this shell's place, so that SIGTERM reaches it.
set -e
if [ "${1:-}" = serve ]; then
    trap 'exit 143' TERM # the first process of a container would ignore it; a migration is finished first
    prickle migrate
fi
exec prickle "$@"
