# jq with oniguruma. Neither source package brings a configure script, so they are compiled directly.

build_libonig() {
  cd "$1/src"
  # The encodings but UTF-8 and ASCII are not built: jq uses UTF-8 only.
  printf '%s\n' '#define HAVE_ALLOCA_H 1' '#define HAVE_STDINT_H 1' '#define HAVE_INTTYPES_H 1' \
    '#define HAVE_SYS_TIMES_H 1' '#define HAVE_SYS_TIME_H 1' '#define HAVE_SYS_TYPES_H 1' \
    '#define HAVE_UNISTD_H 1' '#define SIZEOF_INT 4' '#define SIZEOF_LONG 4' '#define SIZEOF_LONG_LONG 8' \
    '#define SIZEOF_VOIDP 4' > config.h
  $CC $musl_flags -DHAVE_CONFIG_H -I. -c regparse.c regcomp.c regexec.c regenc.c regerror.c regext.c regsyntax.c \
    regtrav.c regversion.c st.c unicode.c unicode_unfold_key.c unicode_fold1_key.c unicode_fold2_key.c \
    unicode_fold3_key.c ascii.c utf8.c onig_init.c
  $AR rcs "$libraries/usr/lib/libonig.a" ./*.o
  install -D -m 0644 -t "$libraries/usr/include" oniguruma.h
}

build_jq() {
  cd "$1"
  local version name defines='-DHAVE_LIBONIG -DHAVE_ALLOCA_H -DHAVE_ALLOCA -DHAVE_TM_TM_GMT_OFF -DHAVE___THREAD -DIEEE_8087'
  version=$(debian_source_version jq)
  printf '#define JQ_VERSION "%s"\n' "${version%%-*}" > src/version.h
  # jq's own library in its language, as a C string.
  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' src/builtin.jq > src/builtin.inc
  # What its configure script would ask: is there a function of that name in the C library?
  $musl_host-nm --defined-only "$work/musl/lib/libc.a" 2> /dev/null | sed -n 's/^.* [TW] //p' | sort -u > functions
  while read -r name; do
    ! grep -qx "$(echo "${name#HAVE_}" | tr '[:upper:]' '[:lower:]')" functions || defines="$defines -D$name"
  done < <(grep -ho 'HAVE_[A-Z0-9_]*' src/*.c src/*.h | sort -u)
  rm src/inject_errors.c
  $CC $musl_flags $musl_link_flags $defines $CPPFLAGS -Isrc -I. src/*.c -L"$libraries/usr/lib" \
    -lonig -lm -o jq
  install -D -m 0755 jq "$root/usr/bin/jq"
}
