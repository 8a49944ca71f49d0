#!/bin/sh
# camel-kserve 4.17.0, Camel's client of the Open Inference Protocol, sends a infer request without a single input where
# the body is none of its own request class: a text, a list or an array of floats are left out without an error or a line in the
# log. A server that does not look at what is missing answers, and the route goes on with an answer to a question that nobody
# asked. The model that the request names wins over that of the URI, too. Who builds a route makes a ModelInferRequest, and
# checks its type before. Seen with a gRPC server made of the classes that the component brings, on JDK 17.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.camel</groupId><artifactId>camel-core-engine</artifactId><version>4.17.0</version></dependency>
    <dependency><groupId>org.apache.camel</groupId><artifactId>camel-core-languages</artifactId><version>4.17.0</version></dependency>
    <dependency><groupId>org.apache.camel</groupId><artifactId>camel-kserve</artifactId><version>4.17.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/lib"
cat > "$work/Probe.java" <<'JAVA'
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.GrpcPredictV2.ModelInferRequest;
import inference.GrpcPredictV2.ModelInferResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;

/** What a server is asked for bodies that are no requests. */
public class Probe {
  public static void main(String[] none) throws Exception {
    StringBuilder asked = new StringBuilder();
    Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
        .addService(new GRPCInferenceServiceImplBase() {
          @Override
          public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> to) {
            asked.append(request.getModelName()).append(" with ").append(request.getInputsCount()).append(" inputs");
            to.onNext(ModelInferResponse.getDefaultInstance());
            to.onCompleted();
          }
        }).build().start();
    Map<String, Object> bodies = new TreeMap<>();
    bodies.put("1 text", "[[0.5, 1.5]]");
    bodies.put("2 list", List.of(0.5f, 1.5f));
    bodies.put("3 array", new float[] {0.5f, 1.5f});
    bodies.put("4 request", ModelInferRequest.newBuilder().setModelName("other")
        .addInputs(ModelInferRequest.InferInputTensor.newBuilder().setName("x")).build());
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      camel.start();
      for (Map.Entry<String, Object> body : bodies.entrySet()) {
        asked.setLength(0);
        Exchange exchange = camel.createProducerTemplate().send(
            "kserve:infer?modelName=mine&target=127.0.0.1:" + server.getPort(),
            one -> one.getMessage().setBody(body.getValue()));
        System.out.println(body.getKey() + ": " + (exchange.getException() == null ? "asked " + asked : "refused"));
      }
    }
    server.shutdownNow();
  }
}
JAVA
java -cp "$work/lib/*" "$work/Probe.java" | tee "$work/seen"
printf '%s\n' '1 text: asked mine with 0 inputs' '2 list: asked mine with 0 inputs' '3 array: asked mine with 0 inputs' \
  '4 request: asked other with 1 inputs' > "$work/expected"
cmp -s "$work/seen" "$work/expected" || { echo "CHANGED" >&2; exit 1; }
