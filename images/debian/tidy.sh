# Shell library: removes from a Debian root what an installation leaves behind and no container needs: caches, logs,
# copies, what only builders of packages read. What would differ between two builds goes with it.
#   tidy ROOT        after every installation
#   tidy_base ROOT   after the first one: what later ones would have to bring back

tidy() {
  local root=$1
  rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* \
    "$root"/var/lib/dpkg/info/*.symbols "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old "$root/var/cache/ldconfig/aux-cache" \
    "$root"/var/log/apt "$root"/var/log/{alternatives,dpkg,bootstrap,fontconfig}.log \
    "$root"/etc/{passwd,group,shadow,gshadow,subuid,subgid}- "$root"/run/* "$root"/tmp/* "$root"/var/tmp/*
}

tidy_base() {
  local root=$1
  # Docker brings its own.
  rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root/etc/machine-id"
}
