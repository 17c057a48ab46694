#!/usr/bin/env bash
# Builds the guest's init, which is service and systemctl as well: one static i386 program.
#
#   build.sh WORKDIR OUT    leaves OUT/init, OUT/sources and OUT/copyright/
#
# Needs: see ../packages-build.txt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(readlink -m "$1"); out=$(readlink -m "$2")
. "$here/../debian.sh"
. "$here/../musl.sh"

mkdir -p "$work" "$out"
rm -rf "$out/sources" "$out/copyright"
debian_open "$work"
musl_toolchain "$work/musl"
cd "$here"
$musl_host-gcc -std=gnu11 -Wall -Wextra -Wshadow -Werror $musl_flags $musl_link_flags -s -o "$out/init" ./*.c
musl_note "$work/musl" "$out"
