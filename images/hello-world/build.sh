#!/usr/bin/env bash
# Builds the one program of the hello-world image; it is our own and has no part of any library.
#
#   build.sh WORKDIR OUT    leaves OUT/context/hello, OUT/created and an empty OUT/sources
#
# Needs: gcc-i686-linux-gnu (see ../guest/packages-build.txt).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(readlink -m "$2")

mkdir -p "$out/context"
i686-linux-gnu-gcc -std=gnu11 -Wall -Wextra -Wshadow -Werror -Os -march=i686 -ffreestanding -fno-stack-protector \
  -fno-asynchronous-unwind-tables -fno-pie -no-pie -nostdlib -static -s -Wl,--build-id=none -Wl,-z,norelro \
  -Wl,-z,noseparate-code -o "$out/context/hello" "$here/hello.c"
i686-linux-gnu-strip --remove-section=.comment --remove-section=.note.gnu.property "$out/context/hello"
echo 2025-01-01T00:00:00Z > "$out/created"
: > "$out/sources"
