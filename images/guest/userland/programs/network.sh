# Programs for the network: iproute2, iptables (legacy), curl with Mbed TLS and zlib.

build_iproute2() {
  cd "$1"
  # configure looks for optional libraries on the host; there are none for this target.
  printf '%s\n' TC_CONFIG_NO_XT:=y IP_CONFIG_SETNS:=y > config.mk
  make -s -j"$(nproc)" CC="$CC" HOSTCC=gcc AR="$AR" SHARED_LIBS=n LIBDIR=/usr/lib \
    CCOPTS="$musl_flags -DHAVE_SETNS -DHAVE_HANDLE_AT -D__UAPI_DEF_IPPROTO_V6=0" \
    LDFLAGS="$musl_link_flags" SUBDIRS="lib ip bridge misc" all
  install -D -m 0755 ip/ip "$root/usr/sbin/ip"
  install -D -m 0755 bridge/bridge "$root/usr/sbin/bridge"
  install -D -m 0755 misc/ss "$root/usr/bin/ss"
  # `ip route` and `ip rule` print tables, protocols and scopes by these names.
  mkdir -p "$root/etc/iproute2"
  install -m 0644 etc/iproute2/{rt_tables,rt_protos,rt_scopes,rt_realms,rt_dsfield,group} "$root/etc/iproute2/"
}

build_iptables() {
  cd "$1"
  patch -p1 --quiet < "$programs/iptables-protocol-names.patch"
  configure --disable-nftables --disable-shared --enable-static --disable-connlabel --with-xtlibdir=/usr/lib/xtables
  make -s -j"$(nproc)" CFLAGS="$musl_flags -D__UAPI_DEF_ETHHDR=0"
  install -D -m 0755 iptables/xtables-legacy-multi "$root/usr/sbin/xtables-legacy-multi"
  local family name
  for family in iptables ip6tables; do
    for name in "$family" "$family-save" "$family-restore"; do
      ln -sf xtables-legacy-multi "$root/usr/sbin/$name"
      ln -sf xtables-legacy-multi "$root/usr/sbin/${name/tables/tables-legacy}"
    done
  done
}

build_zlib() {
  cd "$1"
  CFLAGS=$musl_flags ./configure --static --prefix=/usr > /dev/null
  make -s -j"$(nproc)" libz.a
  install -D -m 0644 libz.a "$libraries/usr/lib/libz.a"
  install -D -m 0644 -t "$libraries/usr/include" zlib.h zconf.h
}

build_mbedtls() {
  cd "$1"
  make -s -j"$(nproc)" -C library CC="$CC" AR="$AR" CFLAGS="$musl_flags" static
  mkdir -p "$libraries/usr/lib" "$libraries/usr/include"
  cp library/libmbed*.a "$libraries/usr/lib/"
  cp -r include/mbedtls include/psa "$libraries/usr/include/"
}

build_curl() {
  cd "$1"
  configure --disable-shared --enable-static --with-mbedtls="$libraries/usr" \
    --with-zlib="$libraries/usr" --with-ca-bundle=/etc/ssl/certs/ca-certificates.crt --without-ca-path \
    --without-libpsl --without-libidn2 --without-nghttp2 --without-brotli --without-zstd --without-librtmp \
    --without-libssh2 --disable-ldap --disable-ldaps --disable-rtsp --disable-dict --disable-telnet \
    --disable-tftp --disable-pop3 --disable-imap --disable-smb --disable-smtp --disable-gopher --disable-mqtt \
    --disable-manual --disable-libcurl-option --disable-threaded-resolver --disable-ntlm --disable-tls-srp \
    --disable-alt-svc --disable-hsts --disable-doh
  make -s -j"$(nproc)" -C lib
  make -s -j"$(nproc)" -C src curl
  install -D -m 0755 src/curl "$root/usr/bin/curl"
}
