#!/bin/sh
# Tables first; then the bot takes this shell's place, so that SIGTERM reaches it.
set -e
prickle migrate
exec prickle serve
