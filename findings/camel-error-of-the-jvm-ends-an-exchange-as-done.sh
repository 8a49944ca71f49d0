#!/bin/sh
# Camel 4.18.0: where a Processor throws an Error (OutOfMemoryError, NoClassDefFoundError) and a consumer has called the route
# asynchronously, as one with acknowledgements does, the callback is called although the exchange has no exception, and the
# error then reaches the caller of process(). A consumer that commits in its callback, which is what callbacks are for, commits
# what was not processed. It has to note the throw as well, and must not settle twice. An Exception of the same Processor is on
# the exchange, as one expects. Seen with a Processor behind the AsyncProcessorConverterHelper bridge on JDK 17.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.camel</groupId><artifactId>camel-core-engine</artifactId><version>4.18.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/lib"
cat > "$work/Probe.java" <<'JAVA'
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.DefaultExchange;

/** What a consumer hears of a Processor that throws. */
public class Probe {
  static void ask(String what, Processor processor) {
    DefaultCamelContext camel = new DefaultCamelContext();
    Exchange exchange = new DefaultExchange(camel);
    StringBuilder heard = new StringBuilder();
    try {
      AsyncProcessorConverterHelper.convert(processor).process(exchange,
          done -> heard.append("callback, exception ").append(exchange.getException() == null ? "none" : "set"));
    } catch (Throwable e) {
      heard.append(", then thrown");
    }
    System.out.println(what + ": " + heard);
  }

  public static void main(String[] none) {
    ask("exception", exchange -> { throw new IllegalStateException("a fault"); });
    ask("error", exchange -> { throw new NoClassDefFoundError("a class"); });
  }
}
JAVA
java -cp "$work/lib/*" "$work/Probe.java" | tee "$work/seen"
printf '%s\n' 'exception: callback, exception set' 'error: callback, exception none, then thrown' > "$work/expected"
cmp -s "$work/seen" "$work/expected" || { echo "CHANGED" >&2; exit 1; }
