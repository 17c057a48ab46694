#!/usr/bin/env bash
# Installs Debian's nginx over the debian image and packs what that adds.
#
#   build.sh WORKDIR OUT LAYER...    leaves OUT/context, OUT/created, OUT/sources and OUT/copyright/
#
# Needs what ../debian/build.sh needs, and overlay mounts.
set -euo pipefail
umask 022
here=$(cd "$(dirname "$0")" && pwd)
work=$(readlink -m "$1"); out=$(readlink -m "$2")
shift 2
. "$here/../guest/debian.sh"
for library in packages tidy layer; do
  . "$here/../debian/$library.sh"
done

mkdir -p "$work" "$out/context"
debian_open "$work"
layer_open "$work" "$@"
packages_fetch "$work/packages" $(layer_missing nginx)
packages_describe "$work/packages" "$out"
SOURCE_DATE_EPOCH=$(date -d "$(cat "$out/created")" +%s)
export SOURCE_DATE_EPOCH
layer_install "$work/packages" > "$work/install.log" 2>&1 || {
  tail -n 30 "$work/install.log" >&2
  exit 1
}
tidy "$layer_upper"

# Servers are those of conf.d, and what nginx logs is the container's output.
rm "$layer_upper/etc/nginx/sites-enabled/default" "$layer_upper"/usr/share/nginx/html/index.html
rm -r "$layer_upper/var/www"
# Debian's nginx asks for iproute2. Most of that is for network hardware that no container has.
rm "$layer_upper"/usr/sbin/{arpd,dcb,devlink,genl,rtacct,rtmon,tc,tipc,vdpa} \
  "$layer_upper"/usr/bin/{lnstat,nstat,rdma}
ln -sf /dev/stdout "$layer_upper/var/log/nginx/access.log"
ln -sf /dev/stderr "$layer_upper/var/log/nginx/error.log"
layer_pack "$out/context/nginx.tar"
cp -R "$here/etc" "$here/html" "$out/context/"
chmod -R u=rwX,go=rX "$out/context/etc" "$out/context/html"
