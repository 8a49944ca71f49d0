#!/bin/sh
# Elasticsearch 8.19.9 refuses a whole bulk request with 400 where the _id of a single action in it is longer than 512 bytes
# (of UTF-8, not characters): nothing of the rest is stored, though every other fault of a document is reported for its item
# alone, under a 200. A sink that takes 400 for "this request never succeeds" loses the good documents with the bad one, and
# one that tries again never ends; ids are to be measured in bytes before the request is made. Seen with the integ-test
# distribution from Maven Central, JDK 17.
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

# Three documents, the middle one with the given _id, or a field that its mapping refuses.
bulk() {
  answer=$(call POST "/flows/_bulk?refresh=true" "{\"create\":{\"_id\":\"before-$1\"}}
{\"n\":1}
{\"create\":{\"_id\":\"$2\"}}
{\"n\":$3}
{\"create\":{\"_id\":\"after-$1\"}}
{\"n\":3}
")
  case $answer in
    *'"items"'*) echo "$answer" | grep -o '"status":[0-9]*' | cut -d: -f2 | paste -sd ' ' ;;
    *) echo "whole $(echo "$answer" | grep -o '"status":[0-9]*' | tail -n 1 | cut -d: -f2)" ;;
  esac
}
call PUT /flows '{"settings":{"number_of_replicas":0},"mappings":{"properties":{"n":{"type":"long"}}}}' > /dev/null
repeated() { printf "%$1s" '' | sed "s/ /$2/g"; }
longest=$(bulk a "$(repeated 512 x)" 2)
wrong=$(bulk b wrong '\"no number\"')
long=$(bulk c "$(repeated 513 x)" 2)
umlauts=$(bulk d "$(repeated 300 ü)" 2)
documents=$(call GET /flows/_count | grep -o '"count":[0-9]*' | cut -d: -f2)
echo "an _id of 512 bytes:                     $longest"
echo "a value that the mapping refuses:        $wrong"
echo "an _id of 513 bytes:                     $long"
echo "an _id of 300 characters, 600 bytes:     $umlauts"
echo "documents stored of the twelve:          $documents"
[ "$longest|$wrong|$long|$umlauts|$documents" = "201 201 201|201 400 201|whole 400|whole 400|5" ] || { echo "CHANGED" >&2; exit 1; }
