# busybox: sh, the core utilities and most small tools, in one static program.

# compile_busybox TREE OUTPUT: compiles the source in TREE, puts the program at OUTPUT and its links' paths,
# one a line, at OUTPUT.links.
compile_busybox() {
  local config=$programs/../busybox.config key line
  cd "$1"
  # No clock in the version line.
  export KCONFIG_NOTIMESTAMP=1
  make -s defconfig > /dev/null 2>&1
  while IFS= read -r line; do
    case $line in
      CONFIG_*) key=${line%%=*}; sed -i "/^$key=/d; /^# $key is not set/d" .config; echo "$line" ;;
    esac
  done < "$config" > .config.ours
  sed 's/^\(CONFIG_[A-Z0-9_]*\)=n$/# \1 is not set/' .config.ours >> .config
  yes '' 2> /dev/null | make -s oldconfig > /dev/null 2>&1 || true
  # An option that was not taken (renamed, or a dependency missing) must not pass in silence.
  while IFS= read -r line; do
    case $line in
      *=n) ! grep -q "^${line%=n}=" .config ;;
      *) grep -qxF "$line" .config ;;
    esac || { echo "busybox.config: $line was not taken" >&2; return 1; }
  done < .config.ours
  make -s -j"$(nproc)" CROSS_COMPILE="$musl_host-" CFLAGS_EXTRA= EXTRA_CFLAGS="$musl_flags " BB_EXTRA_VERSION=Debian \
    EXTRA_LDFLAGS="$musl_link_flags" SKIP_STRIP=n busybox busybox.links
  install -D -m 0755 busybox "$2"
  LC_ALL=C sort busybox.links > "$2.links"
}

# Its links are made when everything else is there.
build_busybox() {
  compile_busybox "$1" "$root/usr/bin/busybox"
}
