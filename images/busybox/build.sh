#!/usr/bin/env bash
# Builds the root file system of the busybox image from Debian's busybox source package: the same static program as
# in the guest itself, with a link for every applet.
#
#   build.sh WORKDIR OUT    leaves OUT/context/rootfs.tar, OUT/created, OUT/sources and OUT/copyright/
#
# Needs: see ../guest/packages-build.txt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(readlink -m "$1"); out=$(readlink -m "$2")
guest=$here/../guest
programs=$guest/userland/programs
. "$guest/debian.sh"
. "$guest/musl.sh"
. "$programs/busybox.sh"
root=$work/root

mkdir -p "$work" "$out/context"
rm -rf "$root" "$out/sources" "$out/copyright"
debian_open "$work"
musl_toolchain "$work/musl"
musl_note "$work/musl" "$out"
tree=$(debian_source busybox)
(compile_busybox "$tree" "$work/busybox") > "$work/busybox.log" 2>&1 || {
  tail -n 30 "$work/busybox.log" >&2
  exit 1
}
debian_note "$out/sources" busybox "$(debian_source_version busybox)" "$(debian_licence "$tree/debian/copyright")"
install -D -m 0644 "$tree/debian/copyright" "$out/copyright/busybox.txt"
created=$(dpkg-parsechangelog -l "$tree/debian/changelog" -S Timestamp)
date -u -d "@$created" +%Y-%m-%dT%H:%M:%SZ > "$out/created"

mkdir -p "$root"/{bin,dev,etc,home,proc,root,sys,tmp,usr/bin,usr/sbin,sbin,var/spool/mail,var/www}
install -m 0755 "$work/busybox" "$root/bin/busybox"
# Hard links, as in Docker's own image: each applet is the program, whatever the root is mounted at.
while read -r link; do
  ln "$root/bin/busybox" "$root$link"
done < "$work/busybox.links"
cp "$here"/etc/* "$root/etc/"
chmod 0644 "$root"/etc/*
find "$root" -type d -exec chmod 0755 {} +
chmod 0700 "$root/root"
chmod 1777 "$root/tmp"
tar -C "$root" -cf "$out/context/rootfs.tar" --sort=name --format=gnu --mtime="@$created" --owner=0 --group=0 \
  --numeric-owner .
