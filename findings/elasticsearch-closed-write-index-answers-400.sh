#!/bin/sh
# Elasticsearch 8.19.9 refuses bulk creates with a status that does not say who can cure it. With the write index of a data
# stream closed, every item is 400 (index_closed_exception), the class of a document that does not fit the mapping; with a
# read-only block 403, with the block of a full disk (read_only_allow_delete) 429, and the request itself is always 200. A
# client that gives up documents at 400 and tries again at 429 and 503 throws whole days away over a closed index. The type of
# the error tells the two kinds apart, the status does not. Seen with the integ-test distribution from Maven Central, JDK 17.
set -eu
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2> /dev/null || true; [ -z "$pid" ] || wait "$pid" 2> /dev/null || true; rm -rf "$work"' EXIT

cd "$work" # where the plugin leaves its marker
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack -DoutputDirectory="$work" \
  -Dartifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.19.9:zip
home=$work/elasticsearch-8.19.9
port=$((20000 + $$ % 20000))
cat > "$home/config/elasticsearch.yml" <<YML
discovery.type: single-node
network.host: 127.0.0.1
http.port: $port
transport.port: $((port + 1))
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
YML
if [ "$(id -u)" = 0 ]; then # it refuses to run as root
  chmod 755 "$work"
  chown -R 65534:65534 "$home"
  set -- setpriv --reuid=65534 --regid=65534 --clear-groups
fi
java=$(readlink -f "$(command -v java)")
ES_JAVA_HOME=${java%/bin/java} ES_JAVA_OPTS="-Xms512m -Xmx512m" HOME=$work "$@" "$home/bin/elasticsearch" > "$work/log" 2>&1 &
pid=$!
call() { curl -s -X "$1" "http://127.0.0.1:$port$2" -H 'Content-Type: application/x-ndjson' ${3:+--data-binary "$3"}; }
for _ in $(seq 60); do call GET /_cluster/health | grep -q status && break; sleep 1; done
# This distribution has no endpoint for the name of the write index; the list of indices has it.
write_index() { call GET '/_cat/indices/.ds-flows-*?h=index&expand_wildcards=all' | sort | tail -n 1 | tr -d ' \n'; }
bulk() {
  call POST /flows/_bulk "$(printf '{"create":{}}\n{"@timestamp":"2026-01-01T00:00:00Z","n":%s}\n\n' "${1:-1}")
" > "$work/answer"
  printf '%s %s' "$(grep -o '"status":[0-9]*' "$work/answer" | head -n 1 | cut -d: -f2)" \
    "$(grep -o '"type":"[a-z_]*"' "$work/answer" | head -n 1 | cut -d'"' -f4)"
}

call PUT /_index_template/flows '{"index_patterns":["flows"],"data_stream":{},"template":{"settings":{"number_of_replicas":0},
  "mappings":{"properties":{"n":{"type":"long"}}}}}' > /dev/null
healthy=$(bulk)
unfit=$(bulk '"no number"')
index=$(write_index)
block() { call PUT "/$index/_settings" "{\"index.blocks.$1\":$2}" > /dev/null; }
block read_only true; read_only=$(bulk); block read_only false
block read_only_allow_delete true; full=$(bulk); block read_only_allow_delete null
call POST "/$index/_close" > /dev/null; closed=$(bulk)
call POST "/$index/_open" > /dev/null
call GET "/_cluster/health/$index?wait_for_status=green&timeout=20s" > /dev/null
again=$(bulk)

echo "healthy:                       $healthy"
echo "a document that does not fit:  $unfit"
echo "index.blocks.read_only:        $read_only"
echo "read_only_allow_delete:        $full"
echo "the write index is closed:     $closed"
echo "opened again:                  $again"
[ "${unfit%% *}" = 400 ] && [ "$closed" = "400 index_closed_exception" ] ||
  { echo "CHANGED: a closed index and an unfit document have other statuses now" >&2; exit 1; }
[ "${read_only%% *}" = 403 ] && [ "${full%% *}" = 429 ] || { echo "CHANGED: blocks answer otherwise" >&2; exit 1; }
