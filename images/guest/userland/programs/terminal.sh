# Programs that need a terminal library: ncurses (static only), bash, nano, less.

build_ncurses() {
  cd "$1"
  # The terminals of the guest are compiled in, so that no program reads a file to learn them.
  configure --with-normal --without-shared --without-debug --without-ada --without-cxx --without-cxx-binding \
    --without-manpages --without-tests --without-progs --enable-widec --without-gpm --without-dlsym \
    --disable-stripping --with-terminfo-dirs=/etc/terminfo:/usr/share/terminfo \
    --with-default-terminfo-dir=/usr/share/terminfo --with-fallbacks="$terminals" --disable-root-environ
  # tinfo is part of ncursesw here; the plain names are what other packages look for.
  make -s -j"$(nproc)" libs
  make -s DESTDIR="$libraries" install.libs install.includes
  local name
  for name in ncurses tinfo curses; do
    ln -sf libncursesw.a "$libraries/usr/lib/lib$name.a"
    install -d "$libraries/usr/lib/pkgconfig"
    printf 'Name: %s\nDescription: terminals\nVersion: 6\nCflags: -I%s/usr/include\nLibs: -lncursesw\n' \
      "$name" "$libraries" > "$libraries/usr/lib/pkgconfig/$name.pc"
  done
  ln -sfn . "$libraries/usr/include/ncursesw"
  for name in $terminals; do
    install -D -m 0644 "$(find /lib/terminfo /usr/share/terminfo -path "*/$name" -type f,l | head -n 1)" \
      "$root/usr/share/terminfo/${name:0:1}/$name"
  done
}

build_bash() {
  cd "$1"
  configure --without-bash-malloc --disable-nls --disable-mem-scramble --disable-separate-helpfiles \
    --with-curses bash_cv_func_strtoimax=no
  make -s -j"$(nproc)" bash
  install -D -m 0755 bash "$root/usr/bin/bash"
}

build_nano() {
  cd "$1"
  configure --disable-nls --disable-libmagic --disable-speller --disable-extra --enable-utf8 --disable-mouse \
    --disable-linter --disable-formatter
  make -s -j"$(nproc)" -C lib
  make -s -j"$(nproc)" -C src nano
  install -D -m 0755 src/nano "$root/usr/bin/nano"
}

build_less() {
  cd "$1"
  configure --with-regex=posix
  make -s -j"$(nproc)" less
  install -D -m 0755 less "$root/usr/bin/less"
}
