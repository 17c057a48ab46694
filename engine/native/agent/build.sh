#!/usr/bin/env bash
# Builds the agent: build.sh OUT. Needs gcc-i686-linux-gnu (another compiler by CC).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(readlink -m "$1")
mkdir -p "$(dirname "$out")"
"${CC:-i686-linux-gnu-gcc}" -std=c11 -D_GNU_SOURCE -D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64 -Os -static -s \
  -Wall -Wextra -Wshadow -Werror -ffunction-sections -Wl,--gc-sections -Wl,--build-id=none \
  -o "$out" "$here"/*.c
