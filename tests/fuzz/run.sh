#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh CHECKOUT [SECONDS] [TARGET...]
# Fuzzes each parser for that long (20 s), from seeds of the published vectors and what earlier runs
# found (build/fuzz/corpus). Exits 1 at the first finding; its input is left in build/fuzz/findings.
set -euo pipefail
root=$1
seconds=${2:-20}
shift $(($# > 1 ? 2 : 1))
build=$root/build/fuzz
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for program in "$build"/bin/fuzz_*; do targets+=("${program##*/fuzz_}"); done
fi
mkdir -p "$build/findings"
"$build/bin/write_seeds" "$build/seeds" >&2
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
for target in "${targets[@]}"; do
  mkdir -p "$build/corpus/$target" "$build/seeds/$target"
  log=$build/findings/$target.log
  # Inputs are small: what is large is bounded by limits that have their own tests.
  if ! "$build/bin/fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
      -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$build/findings/$target-" \
      "$build/corpus/$target" "$build/seeds/$target" >"$log" 2>&1; then
    tail -n 40 "$log"
    printf '%s: FINDING, see %s\n' "$target" "$log"
    exit 1
  fi
  awk -v target="$target" '
    /stat::number_of_executed_units/ { runs = $2 }
    /stat::average_exec_per_sec/ { speed = $2 }
    / cov: / { for (i = 1; i < NF; ++i) if ($i == "cov:") cov = $(i + 1) }
    END { printf "%-12s %10d runs %8d a second, %5d edges, no finding\n", target, runs, speed, cov }
  ' "$log"
done
