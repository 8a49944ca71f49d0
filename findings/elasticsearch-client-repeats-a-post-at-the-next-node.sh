#!/bin/sh
# elasticsearch-rest-client 8.19.9 and 9.5.6, the low-level client below Elasticsearch's Java clients, sends any request
# again to the next node where one answers 502, 503 or 504, a POST like a GET, and tells the caller of the last answer alone.
# A proxy gives 504 for what the node behind it has done or still does: POST /_security/api_key makes two keys, one of which
# nobody knows, and a bulk without ids of its own stores its documents twice. With one node in the list nothing is sent
# again and the caller gets the 504. Who makes something with a POST gives the client one node for it, or an id that makes
# a second request harmless. Seen with two HTTP servers of the JDK as nodes, on JDK 17.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/Probe.java" <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.http.HttpHost;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/** How often one POST arrives at nodes of which one answers as a gateway does whose time is over. */
public class Probe {
  public static void main(String[] none) throws Exception {
    for (int status : new int[] {502, 503, 504, 500, 429}) {
      AtomicInteger tired = new AtomicInteger();
      AtomicInteger well = new AtomicInteger();
      HttpServer first = node(status, tired);
      HttpServer second = node(200, well);
      String alone = post(first);
      int once = tired.getAndSet(0);
      // Which of two nodes is asked first is up to the client, and the next request goes to the other one.
      String seen = "";
      try (RestClient client = RestClient.builder(host(first), host(second)).build()) {
        for (int i = 0; i < 2; i++) {
          seen += " " + post(client);
        }
      }
      System.out.println(status + ": one node: asked " + once + ", said " + alone + "; two nodes, 2 requests: asked "
          + tired + " + " + well + ", said" + seen);
      first.stop(0);
      second.stop(0);
    }
  }

  private static String post(HttpServer node) throws Exception {
    try (RestClient client = RestClient.builder(host(node)).build()) {
      return post(client);
    }
  }

  private static String post(RestClient client) throws Exception {
    Request request = new Request("POST", "/_security/api_key");
    request.setJsonEntity("{\"name\":\"one\"}");
    try {
      return "" + client.performRequest(request).getStatusLine().getStatusCode();
    } catch (ResponseException e) {
      return "" + e.getResponse().getStatusLine().getStatusCode();
    }
  }

  private static HttpHost host(HttpServer node) {
    return new HttpHost("127.0.0.1", node.getAddress().getPort(), "http");
  }

  private static HttpServer node(int status, AtomicInteger asked) throws Exception {
    HttpServer node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext("/", exchange -> {
      exchange.getRequestBody().readAllBytes();
      asked.incrementAndGet();
      byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    node.start();
    return node;
  }
}
JAVA
for version in 8.19.9 9.5.6; do
  cat > "$work/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.elasticsearch.client</groupId><artifactId>elasticsearch-rest-client</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
POM
  rm -rf "$work/lib"
  mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/lib"
  java -cp "$work/lib/*" "$work/Probe.java" 2> "$work/said" > "$work/seen" || { cat "$work/said" >&2; exit 1; }
  echo "elasticsearch-rest-client $version"
  cat "$work/seen"
  for status in 502 503 504; do
    grep -q "^$status: one node: asked 1, said $status; two nodes, 2 requests: asked [12] + 2, said 200 200\$" "$work/seen" || {
      echo "CHANGED: a POST is not sent to the next node after $status any more" >&2; exit 1; }
  done
done
echo "seen: a POST that a node answers with 502, 503 or 504 is sent to the next node"
