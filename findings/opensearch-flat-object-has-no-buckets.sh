#!/bin/sh
# OpenSearch 2.19.6: a terms aggregation on a subfield of a flat_object field gives no buckets, no error and no warning, though
# a term query on the same subfield finds the documents. Elasticsearch's counterpart, flattened, gives the buckets, so a
# dashboard that is carried over from Elasticsearch shows an empty panel that looks like "nothing happened". Fields that are to
# be counted need a mapping of their own. Seen with a single node inside a JVM 17, from Maven Central.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.opensearch</groupId><artifactId>opensearch</artifactId><version>2.19.6</version></dependency>
    <dependency><groupId>org.opensearch.plugin</groupId><artifactId>transport-netty4-client</artifactId><version>2.19.6</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/lib"
mkdir "$work/config"
cat > "$work/Probe.java" <<'JAVA'
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/** Counts by a subfield of a flat_object and by a keyword, over the same two documents. */
public class Probe {
  static class OneNode extends Node {
    OneNode(Settings settings, Path config) {
      super(new Environment(settings, config), List.of(Netty4Plugin.class), false);
    }
  }

  static int port;

  static String call(String method, String path, String body) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .method(method, HttpRequest.BodyPublishers.ofString(body)).header("Content-Type", "application/json").build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  static int buckets(String field) throws Exception {
    String answer = call("POST", "/flows/_search",
        "{\"size\":0,\"aggs\":{\"a\":{\"terms\":{\"field\":\"" + field + "\"}}}}");
    if (answer.contains("\"error\"") || !answer.contains("\"failed\":0")) {
      return -1;
    }
    Matcher found = Pattern.compile("\"doc_count\":").matcher(answer);
    int n = 0;
    while (found.find()) {
      n++;
    }
    return n;
  }

  public static void main(String[] a) throws Exception {
    Path home = Path.of(a[0]);
    Settings settings = Settings.builder().put("path.home", home).put("node.name", "one")
        .put("network.host", "127.0.0.1").put("http.port", "0").put("transport.port", "0")
        .put("transport.type", "netty4").put("http.type", "netty4").put("discovery.type", "single-node")
        .put("cluster.routing.allocation.disk.threshold_enabled", false).build();
    try (Node node = new OneNode(settings, home.resolve("config"))) {
      node.start();
      port = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
      call("PUT", "/flows", "{\"mappings\":{\"properties\":{"
          + "\"top\":{\"type\":\"flat_object\"},\"label\":{\"type\":\"keyword\"}}}}");
      call("PUT", "/flows/_doc/1", "{\"top\":{\"first\":\"dns\"},\"label\":\"dns\"}");
      call("PUT", "/flows/_doc/2?refresh=true", "{\"top\":{\"first\":\"ntp\"},\"label\":\"ntp\"}");
      boolean found = call("POST", "/flows/_search", "{\"query\":{\"term\":{\"top.first\":\"dns\"}}}")
          .contains("\"_id\":\"1\"");
      System.out.println("a term query on top.first finds its document: " + found);
      System.out.println("buckets of label (keyword): " + buckets("label"));
      System.out.println("buckets of top.first (in a flat_object): " + buckets("top.first"));
    }
  }
}
JAVA
java -Dlog4j2.level=OFF -Dopensearch.networkaddress.cache.ttl=60 -cp "$work/lib/*" "$work/Probe.java" "$work" 2> "$work/err" | grep -E '^(a term|buckets)' > "$work/seen" || { tail -n 20 "$work/err" >&2; exit 2; }
cat "$work/seen"
printf '%s\n' 'a term query on top.first finds its document: true' 'buckets of label (keyword): 2' \
  'buckets of top.first (in a flat_object): 0' > "$work/expected"
cmp -s "$work/seen" "$work/expected" || { echo "CHANGED" >&2; exit 1; }
