#!/bin/sh
# Camel 4.17.0 reads an endpoint option of type int, long or Integer as a duration where the text is no plain number: of
# camel-kafka's maxPollRecords, a count, 10m becomes 600000 and abc, 1e3 and 1O0 (a letter) become 0, without an error. The
# component then runs with a number that nobody wrote, or fails later with a message about 0. Options that a component takes
# out of the URI itself (seda's size) are refused as one would expect. Who writes a component has to check the text before
# Camel binds it. Seen with camel-kafka and camel-seda 4.17.0 from Maven Central on JDK 17.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.camel</groupId><artifactId>camel-core-languages</artifactId><version>4.17.0</version></dependency>
    <dependency><groupId>org.apache.camel</groupId><artifactId>camel-core-engine</artifactId><version>4.17.0</version></dependency>
    <dependency><groupId>org.apache.camel</groupId><artifactId>camel-kafka</artifactId><version>4.17.0</version></dependency>
    <dependency><groupId>org.apache.camel</groupId><artifactId>camel-seda</artifactId><version>4.17.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/lib"
cat > "$work/Probe.java" <<'JAVA'
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.impl.DefaultCamelContext;

/** What becomes of the text of a number option. */
public class Probe {
  public static void main(String[] values) throws Exception {
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      camel.start();
      for (String value : values) {
        KafkaEndpoint kafka =
            camel.getEndpoint("kafka:topic?brokers=127.0.0.1:9092&maxPollRecords=" + value, KafkaEndpoint.class);
        System.out.println("kafka maxPollRecords=" + value + " is " + kafka.getConfiguration().getMaxPollRecords());
      }
      try {
        camel.getEndpoint("seda:queue?size=abc");
        System.out.println("seda size=abc is taken");
      } catch (Exception e) {
        System.out.println("seda size=abc is refused");
      }
    }
  }
}
JAVA
java -cp "$work/lib/*" "$work/Probe.java" 100 10m abc 1e3 1O0 | tee "$work/seen"
printf '%s\n' 'kafka maxPollRecords=100 is 100' 'kafka maxPollRecords=10m is 600000' 'kafka maxPollRecords=abc is 0' \
  'kafka maxPollRecords=1e3 is 0' 'kafka maxPollRecords=1O0 is 0' 'seda size=abc is refused' > "$work/expected"
cmp -s "$work/seen" "$work/expected" || { echo "CHANGED" >&2; exit 1; }
