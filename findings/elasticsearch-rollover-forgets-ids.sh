#!/bin/sh
# A data stream of Elasticsearch 8.19.9 takes a second document with the _id of a stored one once it has rolled over: op_type
# create, which guards an id with 409, guards it within one backing index alone. "Deterministic id + create" is thus no
# exactly-once: whoever sends again after a crash, a timeout or a rewound offset stores everything twice when a rollover
# lies between, and sees only 201. Seen with the integ-test distribution from Maven Central, JDK 17.
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
create() {
  call POST "/flows/_bulk?refresh=true" '{"create":{"_id":"flow-1"}}
{"@timestamp":"2026-01-01T00:00:00Z","n":1}
' | grep -o '"status":[0-9]*' | head -n 1 | cut -d: -f2
}

call PUT /_index_template/flows '{"index_patterns":["flows"],"data_stream":{},"template":{"settings":{"number_of_replicas":0},
  "mappings":{"properties":{"n":{"type":"long"}}}}}' > /dev/null
first=$(create)
again=$(create)
call POST /flows/_rollover > /dev/null
after=$(create)
documents=$(call GET /flows/_count | grep -o '"count":[0-9]*' | cut -d: -f2)
echo "create flow-1:                   $first"
echo "create flow-1 again:             $again"
echo "create flow-1 after a rollover:  $after"
echo "documents in the data stream:    $documents"
[ "$first $again $after $documents" = "201 409 201 2" ] || { echo "CHANGED" >&2; exit 1; }
