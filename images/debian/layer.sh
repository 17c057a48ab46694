# Shell library: a layer of Debian packages over the layers of another image.
#
# Source ../guest/debian.sh, call debian_open, source packages.sh, tidy.sh and this, then
#   layer_open WORK LAYER...         unpacks the layers of the other image, the lowest first, into $layer_base
#   layer_missing PACKAGE...         prints which packages installing these would add
#   layer_install DIR                installs the packages of DIR over it; $layer_upper has then what is new or changed
#   layer_pack TAR                   packs $layer_upper
#
# The kernel tells what has changed: packages are installed on an overlay mount. Needs root.

layer_open() {
  local work=$1 layer
  shift
  layer_base=$work/base; layer_upper=$work/upper; layer_merged=$work/merged; layer_scratch=$work/scratch
  rm -rf "$layer_base" "$layer_upper" "$layer_scratch"
  mkdir -p "$layer_base" "$layer_upper" "$layer_merged" "$layer_scratch"
  for layer; do
    tar -C "$layer_base" -xzf "$layer" --numeric-owner
  done
}

layer_missing() {
  apt-get "${debian_apt[@]}" -oDir::State::status="$layer_base/var/lib/dpkg/status" -s --no-install-recommends \
    install "$@" | sed -n 's/^Inst \([^ ]*\).*/\1/p' | sort
}

# In namespaces of its own: the mounts end with it, and no package sees the host's network or processes.
layer_install() {
  export layer_base layer_upper layer_merged layer_scratch
  unshare --mount --net --pid --ipc --fork --propagation private bash -euo pipefail -c '
    mount -t overlay -o "lowerdir=$layer_base,upperdir=$layer_upper,workdir=$layer_scratch" overlay "$layer_merged"
    mount -t proc proc "$layer_merged/proc"
    mount -t tmpfs tmpfs "$layer_merged/dev"
    mount -t tmpfs tmpfs "$layer_merged/tmp"
    for device in null zero random urandom; do
      touch "$layer_merged/dev/$device"
      mount --bind "/dev/$device" "$layer_merged/dev/$device"
    done
    cp "$1"/*.deb "$layer_merged/tmp/"
    env -i PATH="$PATH" DEBIAN_FRONTEND=noninteractive SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" \
      chroot "$layer_merged" sh -c "dpkg --install /tmp/*.deb"
  ' layer_install "$1"
}

layer_pack() {
  # A whiteout of the overlay is a device; what a base image has, a layer of ours does not remove.
  if [ -n "$(find "$layer_upper" -type c)" ]; then
    echo "layer.sh: the installation has removed $(find "$layer_upper" -type c -printf '/%P ')" >&2
    return 1
  fi
  tar -C "$layer_upper" -cf "$1" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --numeric-owner .
}
