#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a benchmark; without a name lists them. Called by `./dev bench [name] [args]` as
# run.sh <source dir> [name] [args]. Arguments are Google Benchmark's, e.g.
# --benchmark_filter=HS256 --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
set -euo pipefail
here=$1
name=${2:-}
shift $(($# < 2 ? $# : 2))
bin=$here/build/release/bin

# The first comment line below a source's licence line says what it measures.
list() {
  printf 'usage: ./dev bench NAME [args]\n\n'
  local source
  for source in "$here"/tests/bench/bench_*.cpp; do
    local base=${source##*/bench_}
    printf '  %-12s %s\n' "${base%.cpp}" \
      "$(sed -n '2,8{s|^// \{0,1\}\(..*\)|\1|p}' "$source" | head -1)"
  done
}

# The gateway beside HAProxy and nginx; the driver lies beside the checkout.
gateway() {
  local driver=$here/../shared/perf/run
  if [ ! -e "$driver" ]; then
    printf 'bench: the peer driver is not there (%s)\n' "$driver" >&2
    exit 3
  fi
  export POSTERN_BIN=$bin/postern
  exec python3 "$driver" --gateway-name postern --gateway-cmd "bash $here/tests/bench/gateway.sh" "$@"
}

if [ -z "$name" ]; then
  list
  printf '  %-12s %s\n' gateway 'the whole gateway beside HAProxy and nginx; --algs RS256, --hold 2000, --idle 5000 ...'
elif [ "$name" = gateway ]; then
  gateway "$@"
elif [ -x "$bin/bench_$name" ]; then
  exec "$bin/bench_$name" "$@"
else
  printf "bench: no benchmark '%s'\n" "$name" >&2
  list >&2
  exit 2
fi
