#!/usr/bin/env bash
# Builds the guest's kernel from Debian's linux-source-6.1.
#
#   build.sh WORKDIR OUT    leaves OUT/bzImage, OUT/sources and OUT/copyright/
#
# Needs: linux-source-6.1 gcc make bc flex bison (see ../packages-build.txt).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(readlink -m "$1"); out=$(readlink -m "$2")

mkdir -p "$work" "$out"
rm -rf "$work/linux-source-6.1"
tar -C "$work" -xf /usr/src/linux-source-6.1.tar.xz
cd "$work/linux-source-6.1"
patch -p1 --quiet < "$here/virtio-console-raw-ports.patch"

version=$(dpkg-query -W -f '${Version}' linux-source-6.1)
# The same inputs must give the same bytes: no host name, user or clock in the image.
export KBUILD_BUILD_USER=drydock KBUILD_BUILD_HOST=debian KBUILD_BUILD_VERSION=1
KBUILD_BUILD_TIMESTAMP=$(date -u -d "@$(stat -c %Y /usr/src/linux-source-6.1.tar.xz)")
export KBUILD_BUILD_TIMESTAMP
make -s ARCH=i386 tinyconfig > /dev/null
cat "$here/kernel.config" >> .config
make -s ARCH=i386 olddefconfig 2> /dev/null
# An option that Kconfig dropped (a missing dependency) must not pass in silence.
while IFS= read -r line; do
  case $line in
    *=n) grep -q "^${line%=n}=" .config && { echo "kernel.config: $line was not taken" >&2; exit 1; } ;;
    CONFIG_*) grep -qxF "$line" .config || { echo "kernel.config: $line was not taken" >&2; exit 1; } ;;
  esac
done < <(awk -F= '{ last[$1] = $0 } END { for (key in last) print last[key] }' "$here/kernel.config")
make -s ARCH=i386 -j"$(nproc)" bzImage
cp arch/x86/boot/bzImage "$out/bzImage"
printf 'linux\t%s\tGPL-2.0-only\tlinux\n' "$version" > "$out/sources"
install -D -m 0644 /usr/share/doc/linux-source-6.1/copyright "$out/copyright/linux.txt"
