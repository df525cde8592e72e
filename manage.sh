#!/usr/bin/env bash
# Passbridge for operators. Finds or fetches Node and the packages; the work is in scripts/manage/.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

readonly OLDEST_MAJOR=22 OLDEST_MINOR=22
readonly RUNTIME_BIN="$PWD/.runtime/node/node_modules/.bin"

fail() {
  printf '\n%s\n→ %s\n' "$1" "$2" >&2
  exit 1
}

# Whether the given Node is new enough to run TypeScript files as they are.
is_new_enough() {
  local version major minor
  version=$("$1" --version 2>/dev/null) || return 1
  version=${version#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  ((major > OLDEST_MAJOR || (major == OLDEST_MAJOR && minor >= OLDEST_MINOR)))
}

# Up to three tries: downloads fail now and then.
retry() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return 0
    ((attempt < 3)) && echo "… failed; trying again ($attempt of 3)"
  done
  return 1
}

package_manager() {
  local name
  for name in apt-get dnf apk brew; do
    command -v "$name" >/dev/null && echo "$name" && return
  done
}

# npm brings everything else; only where it is missing the system's package manager is asked.
install_npm() {
  local manager sudo='' answer
  manager=$(package_manager)
  local install=("$manager" install -y npm)
  case "$manager" in
    apk) install=(apk add npm) ;;
    brew) install=(brew install node) ;;
    '') fail 'Node and npm are not installed.' 'Install Node 24 (https://nodejs.org), then try again.' ;;
  esac
  if [[ $EUID -ne 0 && $manager != brew ]]; then
    sudo=sudo
    if [[ " $* " != *' --yes '* ]]; then
      [[ -t 0 && -t 1 ]] || fail 'npm is not installed.' "Run sudo ${install[*]}, or let it be done: add --yes"
      read -r -p "npm is not installed. Run sudo ${install[*]}? [y/N] " answer
      [[ $answer =~ ^[Yy] ]] || fail 'npm is not installed.' "Run sudo ${install[*]}"
    fi
  fi
  echo '… Installing npm'
  if [[ $manager == apt-get ]]; then DEBIAN_FRONTEND=noninteractive retry $sudo apt-get update -qq || true; fi
  DEBIAN_FRONTEND=noninteractive retry $sudo "${install[@]}" >/dev/null ||
    fail 'npm could not be installed.' "Run ${install[*]} yourself, then try again."
}

# Puts a fitting Node first on PATH: the machine's, the one fetched before, or a fresh one from npm.
provide_node() {
  if is_new_enough node; then return; fi
  if ! is_new_enough "$RUNTIME_BIN/node"; then
    command -v npm >/dev/null || install_npm "$@"
    echo '… Fetching Node 24 into .runtime (once)'
    mkdir -p .runtime/node
    [[ -f .runtime/node/package.json ]] || echo '{ "private": true }' >.runtime/node/package.json
    retry npm install --prefix .runtime/node --no-fund --no-audit --loglevel=error node@24 ||
      fail 'Node 24 could not be fetched from npm.' 'Check the network, or install Node 24 yourself.'
    is_new_enough "$RUNTIME_BIN/node" || fail 'The fetched Node does not run.' 'Install Node 24 yourself, then try again.'
  fi
  export PATH="$RUNTIME_BIN:$PATH"
}

# Installs the packages when they are missing or no longer those of the lockfile. Not npm ci: that empties the folder
# first, under the feet of a running gateway, and refuses a lockfile made where other systems' packages are not offered.
# packages.ts makes sure that the outcome is the lockfile's.
provide_packages() {
  local log=.runtime/npm-install.log
  node scripts/manage/packages.ts && return
  command -v npm >/dev/null || install_npm "$@"
  echo '… Installing the packages: takes about a minute, once'
  mkdir -p .runtime
  if ! retry npm install --no-save --no-fund --no-audit --loglevel=error >"$log" 2>&1; then
    grep -v '^$' "$log" | head -n 12 >&2
    fail 'The packages could not be installed.' "Check the network and the disk; $PWD/$log has all of it."
  fi
  node scripts/manage/packages.ts ||
    fail 'The installed packages are not those of package-lock.json.' 'Run npm install, and commit the changed lockfile.'
}

provide_node "$@"
case "${1:-help}" in
  start | restart | dev | test | tls | admin | keys | check-routes | reload) provide_packages "$@" ;;
esac
exec node scripts/manage/main.ts "$@"
