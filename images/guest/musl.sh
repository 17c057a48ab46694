# Shell library: a compiler for small static i386 programs, made of the host's i686 cross gcc and Debian's
# musl for i386. Static musl programs start several times faster in the emulated guest than programs that
# need a dynamic linker, and take a fraction of its memory.
#
# Source debian.sh, call debian_open, source this, then
#   musl_toolchain DIR     makes DIR and puts i686-linux-musl-{gcc,ar,...} on PATH; sets musl_host and musl_flags
#   musl_note DIR OUT      adds musl to OUT/sources and OUT/copyright/

musl_host=i686-linux-musl
# Pentium 4 is what the guest's kernel is built for; small code matters most, since v86 compiles it by the page.
musl_flags='-Os -march=pentium4 -mtune=generic -fno-stack-protector -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections'
musl_link_flags='-static -Wl,--gc-sections'

musl_toolchain() {
  local dir tool headers=/usr/i686-linux-gnu/include
  dir=$(readlink -m "$1")
  rm -rf "$dir"
  mkdir -p "$dir/bin"
  debian_unpack "$dir/debian" musl-dev
  ln -s debian/usr/lib/i386-linux-musl "$dir/lib"
  ln -s debian/usr/include/i386-linux-musl "$dir/include"
  # The kernel's own headers, which musl does not bring.
  for tool in asm asm-generic linux mtd rdma; do
    cp -a "$headers/$tool" "$dir/include/"
  done
  musl_specs "$dir" > "$dir/musl.specs"
  printf '#!/bin/sh\nexec i686-linux-gnu-gcc "$@" -specs %s/musl.specs -fno-pie -no-pie -static\n' "$dir" \
    > "$dir/bin/$musl_host-gcc"
  chmod +x "$dir/bin/$musl_host-gcc"
  for tool in ar ranlib strip nm ld objcopy objdump readelf; do
    ln -s "$(command -v i686-linux-gnu-$tool)" "$dir/bin/$musl_host-$tool"
  done
  # Where it was built must not show in what was built.
  musl_flags="$musl_flags -ffile-prefix-map=$debian_work=/build"
  export PATH="$dir/bin:$PATH"
}

# musl_note DIR OUT: records what every program so made has in it.
musl_note() {
  debian_note "$2/sources" musl "$(debian_version musl-dev)" "$(debian_licence "$1/debian/usr/share/doc/musl-dev/copyright")"
  install -D -m 0644 "$1/debian/usr/share/doc/musl-dev/copyright" "$2/copyright/musl.txt"
}

# gcc's specs with the start files, headers and libraries of musl in place of glibc's.
musl_specs() {
  cat << EOF
%rename cpp_options old_cpp_options

*cpp_options:
-nostdinc -isystem $1/include -isystem include%s %(old_cpp_options)

*cc1:
%(cc1_cpu) -nostdinc -isystem $1/include -isystem include%s

*link_libgcc:
-L$1/lib -L .%s

*libgcc:
libgcc.a%s libgcc_eh.a%s

*startfile:
$1/lib/crt1.o $1/lib/crti.o crtbeginT.o%s

*endfile:
crtend.o%s $1/lib/crtn.o

*link:
-m elf_i386 -nostdlib -static -z noseparate-code

*esp_link:


*esp_options:


*esp_cpp_options:


EOF
}
