#!/usr/bin/env bash
# Installs Debian's required packages and apt into a folder, as an installer would, maintainer scripts included.
#
#   build.sh WORKDIR OUT    leaves OUT/context/rootfs.tar, OUT/created, OUT/sources and OUT/copyright/
#
# Needs root, a kernel that runs i386 programs, and the packages of ../guest/packages-build.txt.
set -euo pipefail
umask 022
here=$(cd "$(dirname "$0")" && pwd)
work=$(readlink -m "$1"); out=$(readlink -m "$2")
. "$here/../guest/debian.sh"
. "$here/packages.sh"
. "$here/tidy.sh"
root=$work/root; debs=$work/packages

mkdir -p "$work" "$out/context"
rm -rf "$root"
debian_open "$work"
# usr-is-merged stands for usrmerge, which would bring all of perl along.
packages_fetch "$debs" $(debian_closure apt usr-is-merged $(packages_required))
packages_describe "$debs" "$out"

SOURCE_DATE_EPOCH=$(date -d "$(cat "$out/created")" +%s)
export SOURCE_DATE_EPOCH
# From the downloaded files, not from the mirror: what is installed is what was described.
names=$(sed -n 's/^Package: //p' "$debs/Packages" | paste -sd,)
mmdebstrap --quiet --mode=root --variant=custom --include="$names" --architectures=i386 --format=directory \
  --setup-hook='cd "$1" && mkdir -p usr/bin usr/sbin usr/lib && ln -s usr/bin usr/sbin usr/lib .' --dpkgopt="$here/files/etc/dpkg/dpkg.cfg.d/docker" \
  bookworm "$root" "deb [trusted=yes] copy:$debs ./" > "$work/install.log" 2>&1 || {
  tail -n 30 "$work/install.log" >&2
  exit 1
}
rm -f "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$root"/etc/apt/apt.conf.d/*mmdebstrap "$root/etc/apt/sources.list"
rm -rf "$work/files"
cp -R "$here/files" "$work/files"
chmod -R u=rwX,go=rX "$work/files"
cp -R "$work/files/." "$root/"
tidy "$root"
tidy_base "$root"
tar -C "$root" -cf "$out/context/rootfs.tar" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --numeric-owner \
  --exclude='./dev/*' .
