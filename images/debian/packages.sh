# Shell library: sets of Debian's i386 packages for images.
#
# Source ../guest/debian.sh, call debian_open, source this, then
#   packages_required               prints the packages that every Debian has, but for what a container has no use for
#   packages_fetch DIR PACKAGE...   downloads them into DIR, which holds nothing else, and indexes it for apt
#   packages_describe DIR OUT       leaves OUT/sources, OUT/copyright/ and OUT/created

packages_required() {
  apt-cache "${debian_apt[@]}" dumpavail |
    awk '/^Package:/ { name = $2 } /^Essential: yes/ || /^Priority: required/ { print name }' | sort -u |
    grep -vxE 'e2fsprogs|tzdata'
}

packages_fetch() {
  local dir=$1
  shift
  rm -rf "$dir"
  mkdir -p "$dir"
  (cd "$dir" && apt-get "${debian_apt[@]}" download "$@" && dpkg-scanpackages --multiversion . > Packages 2> scan.log)
}

# One note and one copyright file for each source package. The image is as old as the youngest of its packages.
packages_describe() {
  local dir=$1 out=$2 unpacked=$1.unpacked deb package source version file stamp newest=0
  rm -rf "$unpacked" "$out/copyright"
  mkdir -p "$out/copyright"
  : > "$out/sources"
  for deb in "$dir"/*.deb; do
    dpkg-deb -x "$deb" "$unpacked"
  done
  for deb in "$dir"/*.deb; do
    read -r package source version < <(dpkg-deb -W --showformat='${Package} ${source:Package} ${source:Version}\n' "$deb")
    file=$out/copyright/$source.txt
    [ ! -f "$file" ] || continue
    install -m 0644 "$unpacked/usr/share/doc/$package/copyright" "$file"
    debian_note "$out/sources" "$source" "$version" "$(debian_licence "$file")"
  done
  while read -r file; do
    stamp=$(date -d "$(packages_changed "$file")" +%s)
    [ "$stamp" -le "$newest" ] || newest=$stamp
  done < <(find "$unpacked/usr/share/doc" -type f -name 'changelog.Debian*.gz')
  date -u -d "@$newest" +%Y-%m-%dT%H:%M:%SZ > "$out/created"
}

# The date of a packed changelog's first entry.
packages_changed() {
  sed -n '/^ -- /{s/.*>  //p;q}' < <(gzip -dc "$1" 2> /dev/null)
}
