#!/usr/bin/env bash
# Builds the engine's small C programs: the shim, the docker launcher, docker-proxy and the agent, static for i386.
#
#   build.sh WORKDIR OUT    leaves OUT/bin/, OUT/sources and OUT/copyright/
#
# Needs: see ../packages-build.txt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
native=$here/../../../engine/native
work=$(readlink -m "$1"); out=$(readlink -m "$2")
. "$here/../debian.sh"
. "$here/../musl.sh"

mkdir -p "$work" "$out/bin"
rm -rf "$out/sources" "$out/copyright"
debian_open "$work"
musl_toolchain "$work/musl"

# program NAME FILES...
program() {
  local name=$1
  shift
  $musl_host-gcc -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Werror -Wno-unused-parameter \
    -Wno-missing-field-initializers $musl_flags $musl_link_flags -s -o "$out/bin/$name" "$@"
}
cd "$native"
program shim shim/*.c common/*.c
program docker launcher/*.c
program docker-proxy proxy/*.c
program agent agent/*.c
musl_note "$work/musl" "$out"
