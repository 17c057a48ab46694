#!/usr/bin/env bash
# Builds the guest's userland: static i386 programs from Debian's source packages. Configuration is not in it: see
# ../files.
#
#   build.sh WORKDIR OUT    leaves OUT/userland.tar, OUT/sources and OUT/copyright/
#
# Needs: see ../packages-build.txt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(readlink -m "$1"); out=$(readlink -m "$2")
programs=$here/programs
. "$here/../debian.sh"
. "$here/../musl.sh"
for part in "$programs"/*.sh; do . "$part"; done

# top -b asks for "dumb".
terminals='xterm-256color xterm linux screen vt100 dumb'
libraries=$work/libraries
root=$work/root

# configure ARGUMENT...: runs the configure script of the folder that we are in, for our target.
configure() {
  # Debian's patches make the generated files look older than what they come from; they are good as they are.
  find . \( -name aclocal.m4 -o -name configure -o -name Makefile.in -o -name '*.h.in' \) -exec touch -d @1 {} + \
    -o \( -name '*.ac' -o -name '*.am' -o -name '*.m4' \) -exec touch -d @0 {} +
  ./configure --quiet --build="$musl_host" --host="$musl_host" --prefix=/usr --sysconfdir=/etc --localstatedir=/var \
    CC="$CC" "$@" > configure.log 2>&1 || { tail -n 20 configure.log >&2; return 1; }
}

# build PACKAGE TREE: runs its function, which stops at the first error; the log is shown only then.
build() {
  local status
  # An `||` after the parentheses would switch the shell's stop at an error off inside them.
  set +e
  (set -e; "build_${1//-/_}" "$2") > "$work/$1.log" 2>&1
  status=$?
  set -e
  [ "$status" -eq 0 ] && return
  echo "userland: $1 did not build:" >&2
  tail -n 30 "$work/$1.log" >&2
  return 1
}

# note PACKAGE TREE: records a source package's version and licence, and keeps its copyright file.
note() {
  debian_note "$out/sources" "$1" "$(debian_source_version "$1")" "$(debian_licence "$2/debian/copyright")"
  install -D -m 0644 "$2/debian/copyright" "$out/copyright/$1.txt"
}

skeleton() {
  local dir
  for dir in bin sbin lib; do
    mkdir -p "$root/usr/$dir"
    ln -s "usr/$dir" "$root/$dir"
  done
  mkdir -p "$root"/{dev,proc,sys,run,mnt,media,opt,srv,home,tmp,root} "$root"/usr/local/{bin,sbin,lib} \
    "$root"/var/{cache,lib/docker,log,spool/cron/crontabs,tmp} "$root"/etc/{docker,ssl/certs,skel,terminfo}
  ln -s ../run "$root/var/run"
  ln -s ../run/lock "$root/var/lock"
  ln -s ../../proc/self/mounts "$root/etc/mtab"
  ln -s ../sbin/init "$root/usr/bin/systemctl"
  ln -s init "$root/usr/sbin/service"
}

# Links of busybox, and nothing that only a debugger would want.
finish() {
  local link
  find "$root/usr/bin" "$root/usr/sbin" -type f -exec sh -c 'head -c 4 "$1" | grep -q ELF' _ {} \; \
    -exec "$STRIP" --strip-all --remove-section=.comment --remove-section=.note {} +
  while read -r link; do
    # The programs built on their own win; busybox fills what is left.
    [ -e "$root$link" ] || ln -s /bin/busybox "$root$link"
  done < "$root/usr/bin/busybox.links"
  rm "$root/usr/bin/busybox.links"
  find "$root" -type d -exec chmod 0755 {} + -o -type f -perm /0111 -exec chmod 0755 {} + -o -type f -exec chmod 0644 {} +
  chmod 0700 "$root/root"
  chmod 1777 "$root/tmp" "$root/var/tmp"
}

# What configure scripts and makefiles take from the environment: nothing but our own static libraries may be found.
environment() {
  export CC=$musl_host-gcc AR=$musl_host-ar RANLIB=$musl_host-ranlib STRIP=$musl_host-strip
  export CFLAGS="$musl_flags" CPPFLAGS="-I$libraries/usr/include" LDFLAGS="$musl_link_flags -L$libraries/usr/lib"
  export PKG_CONFIG_LIBDIR=$libraries/usr/lib/pkgconfig SOURCE_DATE_EPOCH=0 LC_ALL=C
}

# Adds every package to $root. One is built only if it, one before it in the list, or how we build has changed since
# it was last built in this folder: a package may use the libraries of those before it.
add_packages() {
  local package tree built key
  key=$(cat "$here"/build.sh "$here"/busybox.config "$programs"/* "$here"/../{debian,musl}.sh | sha256sum)
  while read -r package; do
    tree=$(debian_source "$package")
    key=$(cat - "$work/src/$package"/*.dsc <<< "$key" | sha256sum)
    built=$work/built/$package
    if [ "$(cat "$built/key" 2> /dev/null)" != "$key" ]; then
      echo "userland: $package" >&2
      rm -rf "$built"
      mkdir -p "$built/root"
      root=$built/root build "$package" "$tree"
      echo "$key" > "$built/key"
    fi
    cp -R "$built/root/." "$root/"
    note "$package" "$tree"
  done < <(sed 's/#.*//; /^ *$/d' "$here/packages.txt")
}

main() {
  mkdir -p "$work" "$out" "$libraries/usr"
  rm -rf "$root" "$out/sources" "$out/copyright"
  skeleton
  debian_open "$work"
  musl_toolchain "$work/musl"
  musl_note "$work/musl" "$out"
  environment
  add_packages
  finish
  # The same inputs must give the same bytes.
  tar -C "$root" -cf "$out/userland.tar" --sort=name --format=gnu --mtime=@1735689600 --owner=0 --group=0 \
    --numeric-owner .
}
main
