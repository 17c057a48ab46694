#!/usr/bin/env bash
# Builds jsrun: QuickJS with our native modules, one static i386 program, guided by a profile of training.js.
#
#   build.sh WORKDIR OUT    leaves OUT/bin/jsrun, OUT/sources and OUT/copyright/
#
# Needs: see ../packages-build.txt. glibc, not musl: QuickJS lives off malloc.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
native=$here/../../../engine/native
work=$(readlink -m "$1"); out=$(readlink -m "$2")
. "$here/../debian.sh"

mkdir -p "$work" "$out/bin"
rm -rf "$out/sources" "$out/copyright"
debian_open "$work"
debian_unpack "$work/zlib" zlib1g-dev
quickjs=$(debian_source_from trixie quickjs 2025.04.26-1)

compiler=i686-linux-gnu-gcc
common="-std=gnu11 -O2 -march=pentium4 -mtune=generic -mfpmath=sse -fwrapv -funsigned-char -fno-stack-protector
  -ffile-prefix-map=$work=/build -ffile-prefix-map=$native=/native
  -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64"
warnings="-Wall -Wextra -Wshadow -Werror -Wno-unused-parameter -Wno-missing-field-initializers"

# compile DIR FLAGS...: everything into DIR/jsrun
compile() {
  local objects=$1 file
  shift
  mkdir -p "$objects"
  for file in quickjs libregexp libunicode cutils dtoa; do
    $compiler $common -w "-DCONFIG_VERSION=\"$(cat "$quickjs/VERSION")\"" "$@" -c "$quickjs/$file.c" \
      -o "$objects/$file.o" &
  done
  for file in "$native"/runtime/*.c "$native"/common/*.c; do
    $compiler $common $warnings "$@" -isystem "$quickjs" -isystem "$work/zlib/usr/include" \
      -isystem "$work/zlib/usr/include/i386-linux-gnu" -c "$file" -o "$objects/native_$(basename "$file" .c).o"
  done
  wait
  $compiler -static "$@" -o "$objects/jsrun" "$objects"/*.o "$work/zlib/usr/lib/i386-linux-gnu/libz.a" -lm
}

rm -rf "$work/objects"
compile "$work/objects" -fprofile-generate -fprofile-update=single
"$work/objects/jsrun" "$here/training.js"
rm -f "$work"/objects/*.o
compile "$work/objects" -fprofile-use -fprofile-partial-training -Wno-missing-profile
i686-linux-gnu-strip -o "$out/bin/jsrun" "$work/objects/jsrun"

debian_note "$out/sources" quickjs 2025.04.26-1 MIT
debian_note "$out/sources" zlib "$(debian_version zlib1g-dev)" Zlib zlib
debian_note "$out/sources" glibc "$(dpkg-query -W -f '${Version}' libc6-dev-i386-cross)" LGPL-2.1-or-later
install -D -m 0644 "$quickjs/LICENSE" "$out/copyright/quickjs.txt"
install -D -m 0644 "$work/zlib/usr/share/doc/zlib1g-dev/copyright" "$out/copyright/zlib.txt"
install -D -m 0644 /usr/share/doc/libc6-dev-i386-cross/copyright "$out/copyright/glibc.txt"
