# Shell library: Debian packages for i386, without touching the architecture list of the host.
#
# Source it, call `debian_open WORKDIR` once, then
#   debian_unpack DEST PACKAGE...     downloads binary packages (no dependencies) and unpacks them
#   debian_closure PACKAGE...         prints the packages with all that they depend on
#   debian_source PACKAGE             prints the folder of the unpacked, patched source package
#   debian_licence COPYRIGHT_FILE     prints the licence that a copyright file names first
#   debian_note FILE NAME VERSION LICENCE [SOURCE]    appends one line to a `sources` file
#
# The mirror's address is read from the host's own sources list; apt verifies its signature.

debian_open() {
  debian_work=$(readlink -m "$1")
  # Several recipes share the package lists when the caller says where they are.
  local state=${DRYDOCK_APT_STATE:-$debian_work/apt}
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$debian_work/debs" "$debian_work/src"
  debian_sources "$state"
  debian_apt=(
    -qq -oAPT::Architecture=i386 -oAPT::Architectures=i386 -oAPT::Sandbox::User=root
    -oDir::Etc::sourceparts=/dev/null -oDir::Etc::sourcelist="$debian_list"
    -oDir::State::Lists="$state/lists" -oDir::State::status=/dev/null -oDir::Cache="$state/cache"
  )
  if [ -z "$(find "$state/updated" -mmin -720 2> /dev/null)" ]; then
    # A mirror in the middle of a sync spoils single indexes: what counts is that the packages are found.
    apt-get "${debian_apt[@]}" update || echo "debian.sh: apt-get update was not complete; going on" >&2
    apt-cache "${debian_apt[@]}" show libc6 > /dev/null || {
      echo "debian.sh: the host's mirror gave no i386 package lists" >&2
      return 1
    }
    touch "$state/updated"
  fi
}

# Copies the host's Debian entry to a list of our own that offers sources as well.
debian_sources() {
  if [ -f /etc/apt/sources.list.d/debian.sources ]; then
    debian_list=$1/debian.sources
    sed 's/^Types:.*/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources > "$debian_list"
  else
    debian_list=$1/debian.list
    sed -n 's/^deb \(.*\)$/deb \1\ndeb-src \1/p' /etc/apt/sources.list > "$debian_list"
  fi
}

debian_unpack() {
  local dest=$1 package deb
  shift
  mkdir -p "$dest"
  for package; do
    (cd "$debian_work/debs" && rm -f "${package}"_*.deb && apt-get "${debian_apt[@]}" download "$package")
    deb=$(echo "$debian_work/debs/${package}"_*.deb)
    dpkg-deb -x "$deb" "$dest"
  done
}

debian_version() {
  dpkg-deb -f "$(echo "$debian_work/debs/$1"_*.deb)" Version
}

debian_closure() {
  apt-get "${debian_apt[@]}" -s --no-install-recommends install "$@" | sed -n 's/^Inst \([^ ]*\).*/\1/p' | sort
}

debian_source() {
  local dir
  rm -rf "$debian_work/src/$1" && mkdir -p "$debian_work/src/$1"
  (cd "$debian_work/src/$1" && apt-get "${debian_apt[@]}" source --download-only --only-source "$1" &&
    dpkg-source --no-check -x ./*.dsc tree) > /dev/null
  dir=$debian_work/src/$1/tree
  [ -d "$dir" ] || { echo "debian.sh: no source package $1" >&2; return 1; }
  echo "$dir"
}

debian_source_version() {
  sed -n 's/^Version: //p' "$(echo "$debian_work/src/$1"/*.dsc)" | head -n 1
}

# A machine-readable copyright file names the licence of most files in its first License field; an
# older one points at a text under /usr/share/common-licenses.
debian_licence() {
  local licence
  licence=$(sed -n 's/^[Ll]icense: *\(.*[^ ]\) *$/\1/p' "$1" | head -n 1)
  [ -n "$licence" ] || licence=$(grep -o 'common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$1" | head -n 1 | cut -d/ -f2)
  echo "${licence:-see the copyright file}"
}

debian_note() {
  printf '%s\t%s\t%s\t%s\n' "$2" "$3" "$4" "${5:-$2}" >> "$1"
}

# debian_source_from SUITE PACKAGE VERSION: like debian_source, from another suite of the same mirror.
debian_source_from() {
  local suite=$1 package=$2 version=$3 state=$debian_work/$1 dir=$debian_work/src/$2 uri
  uri=$(sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' "$debian_list" | head -n 1)
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$dir"
  printf 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$uri" "$suite" \
    > "$state/sources.list"
  local apt=("${debian_apt[@]}" -oDir::Etc::sourcelist="$state/sources.list" -oDir::State::Lists="$state/lists"
    -oDir::Cache="$state/cache")
  rm -rf "$dir" && mkdir -p "$dir"
  (cd "$dir" && apt-get "${apt[@]}" update && apt-get "${apt[@]}" source --download-only --only-source "$package=$version" &&
    dpkg-source --no-check -x ./*.dsc tree) > /dev/null
  [ -d "$dir/tree" ] || { echo "debian.sh: no source package $package $version in $suite" >&2; return 1; }
  echo "$dir/tree"
}
