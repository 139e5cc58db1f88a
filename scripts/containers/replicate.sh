#!/usr/bin/env bash
# Builds docker/Dockerfile, starts the three nodes of docker/compose.yaml, and shows that they replicate:
# npm run containers. Takes docker with compose; where no docker runs, root starts one for as long as this runs.
set -euo pipefail
cd "$(dirname "$0")/../.."
base=node:24-bookworm-slim
project=ringfence-containers
work=$(mktemp -d)
own=

say() { printf '\n== %s\n' "$*"; }
compose() {
  if docker compose version >/dev/null 2>&1; then docker compose -p "$project" -f docker/compose.yaml "$@"
  else docker-compose -p "$project" -f docker/compose.yaml "$@"; fi
}
# Runs a verb in the container of a running node.
inside() { local node=$1; shift; compose exec -T "$node" ringfence "$@"; }
finish() {
  compose down -v --timeout 30 >/dev/null 2>&1 || true
  if [ -n "$own" ]; then
    kill "$own" && wait "$own" 2>/dev/null || true
    umount "$work"/exec/netns/* 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

if ! docker info >/dev/null 2>&1; then
  say 'no docker runs here: one is started, with a folder of its own and without touching the firewall'
  export DOCKER_HOST="unix://$work/docker.sock"
  dockerd --data-root "$work/data" --exec-root "$work/exec" -H "$DOCKER_HOST" -p "$work/pid" \
    --bridge=none --iptables=false --ip-forward=false >"$work/dockerd.log" 2>&1 &
  own=$!
  for _ in $(seq 60); do docker info >/dev/null 2>&1 && break; sleep 0.5; done
  docker info >/dev/null || { tail "$work/dockerd.log"; exit 1; }
fi
if ! docker image inspect "$base" >/dev/null 2>&1 && ! timeout 60 docker pull -q "$base" >/dev/null 2>&1; then
  say "$base cannot be fetched: a stand-in is made of packages"
  scripts/containers/stand-in.sh "$base"
fi

say 'the image is built'
docker build --network host -q --target program -f docker/Dockerfile -t ringfence .
docker image inspect --format '{{.Config.User}} runs {{json .Config.Cmd}}, {{.Size}} bytes' ringfence

say 'an archive is founded, and its node starts'
compose run --rm -T first ringfence init --name 'Three nodes' --institution 'House'
compose up -d --no-build first
until_healthy() {
  for _ in $(seq 120); do
    [ "$(docker inspect --format '{{.State.Health.Status}}' "$(compose ps -q "$1")")" = healthy ] && return
    sleep 1
  done
  compose logs "$1"
  return 1
}
until_healthy first

say 'its root file system is read-only, its user is not root, and files go in'
compose exec -T first sh -c 'id -un; touch /app/x 2>&1 || true; mkdir -p /tmp/poems
  for i in 1 2 3 4 5 6 7 8; do head -c 300000 /dev/urandom | base64 >/tmp/poems/$i.txt; done'
inside first ingest /tmp/poems --all

for node in second third; do
  say "$node joins with an invitation, and starts"
  printed=$(inside first invite partner --policy all)
  invitation=${printed%%$'\n'*}
  compose run --rm -T "$node" ringfence join "$invitation" --name "$node"
  compose up -d --no-build "$node"
  until_healthy "$node"
done

# Prints what the node gives out of each asset: its CID and the digest of the bytes that it sends.
digests() {
  compose exec -T "$1" node -e '
    const { execFileSync } = require("node:child_process");
    const { createHash } = require("node:crypto");
    const run = (...words) => execFileSync("ringfence", words, { encoding: "utf8" }).trim();
    const authorization = `Bearer ${run("token")}`;
    const cids = run("list", "--json").split("\n").filter(Boolean).map((line) => JSON.parse(line).cid);
    Promise.all(cids.sort().map(async (cid) => {
      const answer = await fetch(`http://127.0.0.1:8080/ipfs/${cid}`, { headers: { authorization } });
      const bytes = Buffer.from(await answer.arrayBuffer());
      return `${cid} ${answer.status} ${createHash("sha256").update(bytes).digest("hex")}`;
    })).then((lines) => console.log(lines.join("\n")));' | tr -d '\r'
}
wanted=$(digests first)
for node in second third; do
  say "$node has every asset of the first, byte for byte, and everything in it is sound"
  for _ in $(seq 60); do
    held=$(digests "$node" || true)
    [ "$held" = "$wanted" ] && break
    sleep 2
  done
  [ "$held" = "$wanted" ] || { diff <(echo "$wanted") <(echo "$held"); compose logs "$node" | tail -n 30; exit 1; }
  inside "$node" verify
done

say 'the first stops when it is told to, and the others go on, and agree'
compose stop -t 60 first
[ "$(docker inspect --format '{{.State.ExitCode}}' "$(compose ps -a -q first)")" = 0 ]
[ "$(digests second)" = "$(digests third)" ]
say "three nodes hold the same $(echo "$wanted" | wc -l) assets"
