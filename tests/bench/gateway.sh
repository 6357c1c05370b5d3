#!/usr/bin/env bash
# The gateway side of the peer benchmark: writes a configuration for the driver's credential and
# becomes the gateway. Called by the driver with PERF_* set (see `./dev bench gateway`).
#   POSTERN_BIN        the postern binary
#   BENCH_WORKERS      1 unless said otherwise
#   BENCH_TRACE=off    without decision traces
#   BENCH_CACHE=off    without the verified-token cache
#   BENCH_ROUTES, BENCH_CONSUMERS   how many besides the one measured
set -euo pipefail

config=$PERF_DIR/postern-$PERF_ALG-$PERF_PROXY_PORT.yaml
if [ ! -e "$config" ]; then
  {
    echo "version: 1"
    echo "listen: { proxy: 127.0.0.1:$PERF_PROXY_PORT, admin: 127.0.0.1:0 }"
    [ "${BENCH_TRACE:-on}" = on ] || echo "trace: { header: off, keep: 0 }"
    echo "upstream: { builtin: false }"
    echo "consumers:"
    echo "  - username: user-0"
    echo "    credentials:"
    echo "      - id: jwt"
    echo "        plugins:"
    echo "          jwt-auth:"
    echo "            key: user-key-0"
    echo "            algorithm: $PERF_ALG"
    if [ "$PERF_ALG" = HS256 ]; then
      echo "            secret: $PERF_SECRET"
    else
      echo "            public_key: |"
      sed 's/^/              /' "$PERF_PUBKEY"
    fi
    for ((i = 1; i <= ${BENCH_CONSUMERS:-0}; ++i)); do
      echo "  - { username: c$i, plugins: { key-auth: { key: bench-key-$i } } }"
    done
    echo "routes:"
    echo "  - { id: perf, uri: /hello, plugins: { jwt-auth: {} }, upstream: { nodes: { \"127.0.0.1:$PERF_UPSTREAM_PORT\": 1 } } }"
    for ((i = 1; i <= ${BENCH_ROUTES:-0}; ++i)); do
      echo "  - { id: r$i, uri: /bench/route/$i, plugins: { key-auth: {} }, upstream: { nodes: { \"127.0.0.1:$PERF_UPSTREAM_PORT\": 1 } } }"
    done
  } > "$config.$$"
  mv "$config.$$" "$config"
fi
[ "${BENCH_CACHE:-on}" = on ] || set -- --no-token-cache "$@"
exec "$POSTERN_BIN" gateway run --config "$config" --store memory: \
  --control "unix:$PERF_DIR/postern-$PERF_PROXY_PORT.sock" --workers "${BENCH_WORKERS:-1}" "$@"
