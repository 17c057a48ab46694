#!/usr/bin/env bash
# Takes the PC firmware that v86 boots from Debian's seabios package.
#
#   build.sh WORKDIR OUT    leaves OUT/bios.bin, OUT/vgabios.bin, OUT/sources and OUT/copyright/
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(readlink -m "$1"); out=$(readlink -m "$2")
. "$here/../debian.sh"

mkdir -p "$work" "$out"
rm -rf "$work/root" "$out/sources" "$out/copyright"
debian_open "$work"
debian_unpack "$work/root" seabios
cp "$work/root/usr/share/seabios/bios.bin" "$out/bios.bin"
cp "$work/root/usr/share/seabios/vgabios-stdvga.bin" "$out/vgabios.bin"
copyright=$work/root/usr/share/doc/seabios/copyright
debian_note "$out/sources" seabios "$(debian_version seabios)" "$(debian_licence "$copyright")"
install -D -m 0644 "$copyright" "$out/copyright/seabios.txt"
