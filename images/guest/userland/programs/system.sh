# Programs that look at processes, mounts and namespaces: util-linux, procps, strace; and jq.

build_util_linux() {
  cd "$1"
  # findmnt has no option of its own, so everything is configured and only what we name is made.
  configure --disable-shared --enable-static --disable-nls --without-systemd \
    --without-udev --without-ncursesw --without-tinfo --without-readline --without-cap-ng --without-python \
    --without-cryptsetup --disable-bash-completion --disable-asciidoc --disable-poman --disable-makeinstall-chown \
    --disable-login --disable-su --without-user --without-libz --without-libmagic --without-econf
  make -s -j"$(nproc)" mount umount unshare nsenter lsns findmnt
  install -D -m 0755 -t "$root/usr/bin" mount umount findmnt
  install -D -m 0755 -t "$root/usr/bin" unshare nsenter lsns
}

build_procps() {
  cd "$1"
  configure --disable-nls --disable-shared --enable-static --disable-w --disable-kill --disable-pidof \
    --disable-modern-top --disable-numa --without-systemd
  make -s -j"$(nproc)" src/ps/pscommand src/top/top src/free
  install -D -m 0755 src/ps/pscommand "$root/usr/bin/ps"
  install -D -m 0755 src/top/top "$root/usr/bin/top"
  install -D -m 0755 src/free "$root/usr/bin/free"
}

build_strace() {
  cd "$1"
  configure --enable-mpers=no --without-libunwind --without-libdw --without-libiberty --disable-gcc-Werror \
    --with-libselinux=no
  make -s -j"$(nproc)" -C src
  install -D -m 0755 src/strace "$root/usr/bin/strace"
}
