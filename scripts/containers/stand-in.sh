#!/usr/bin/env bash
# stand-in.sh IMAGE: makes a local image in place of the official one of Node, out of packages of Debian
# and of npm, for machines that reach no registry of images. It proves the steps of the Dockerfile, not the
# contents of the published image. Takes root and debootstrap; what it makes is kept in the cache of the user.
set -euo pipefail
image=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/ringfence-containers"
base="$cache/base.tar"
mkdir -p "$cache"

if [ ! -e "$base" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  files="$work/rootfs"
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 '/debian$' || echo '')
  debootstrap --variant=minbase --include=ca-certificates bookworm "$files" $mirror
  install -m755 "$root"/node_modules/node-linux-*/bin/node "$files/usr/local/bin/node"
  npm=$(cd "$work" && npm pack --silent npm@11)
  mkdir -p "$files/usr/local/lib/node_modules/npm"
  tar -xzf "$work/$npm" --strip-components=1 -C "$files/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$files/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$files/usr/local/bin/npx"
  chroot "$files" sh -c 'groupadd -g 1000 node && useradd -u 1000 -g node -s /bin/bash -m node'
  # As that of the official image: words that begin with a dash, or name no program, are for node.
  cat >"$files/usr/local/bin/docker-entrypoint.sh" <<'SH'
#!/bin/sh
set -e
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null; then set -- node "$@"; fi
exec "$@"
SH
  chmod 755 "$files/usr/local/bin/docker-entrypoint.sh"
  # Whom this machine trusts, such as a proxy of its own.
  cp /etc/ssl/certs/ca-certificates.crt "$files/etc/ssl/certs/ca-certificates.crt"
  tar --numeric-owner -C "$files" -cf "$base.part" .
  mv "$base.part" "$base"
fi

docker import \
  -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  -c 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' \
  -c 'ENTRYPOINT ["docker-entrypoint.sh"]' -c 'CMD ["node"]' "$base" "$image" >/dev/null
