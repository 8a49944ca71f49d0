#!/bin/sh
# XGBoost4J 2.1.4 loads a multi-class model that 3.4.0 saved without an error or a warning, and gives other probabilities.
# Since 3.1 the intercept (base_score) of a multi-class model is one value a class, estimated from the labels; 2.1.4 reads
# one number for all. Whoever trains with one version and serves or exports with another gets a model that works and is
# wrong, most where classes are rare. Seen with xgboost4j_2.12 2.1.4 and 3.4.0 from Maven Central on JDK 17, Linux x86-64.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() { # version, folder
  mkdir -p "$work/$1"
  cat > "$work/$1/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>ml.dmlc</groupId><artifactId>xgboost4j_2.12</artifactId><version>$1</version></dependency>
    <dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>2.19.4</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
  mvn -q -B -f "$work/$1/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/$1/lib"
}
fetch 2.1.4
fetch 3.4.0

cat > "$work/Probe.java" <<'JAVA'
import java.util.Map;
import java.util.Random;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;

/** Trains and saves a model of three classes, or loads one, and prints the probabilities of one row. */
public class Probe {
  public static void main(String[] a) throws Exception {
    int rows = 1000;
    float[] x = new float[rows * 2];
    float[] y = new float[rows];
    Random random = new Random(7);
    for (int i = 0; i < rows; i++) {
      y[i] = i % 100 == 0 ? 2 : i % 10 == 0 ? 1 : 0; // 90 %, 9 %, 1 %
      x[2 * i] = y[i] + random.nextFloat();
      x[2 * i + 1] = random.nextFloat();
    }
    Booster booster;
    if (a[0].equals("train")) {
      DMatrix train = new DMatrix(x, rows, 2, Float.NaN);
      train.setLabel(y);
      booster = XGBoost.train(train,
          Map.of("objective", "multi:softprob", "num_class", 3, "max_depth", 2, "eta", 0.1, "nthread", 1),
          3, Map.of(), null, null);
      booster.saveModel(a[1]);
    } else {
      booster = XGBoost.loadModel(a[1]);
    }
    float[] p = booster.predict(new DMatrix(new float[] {0.5f, 0.5f}, 1, 2, Float.NaN))[0];
    System.out.printf("%.3f %.3f %.3f%n", p[0], p[1], p[2]);
  }
}
JAVA
in3() { java -cp "$work/3.4.0/lib/*" "$work/Probe.java" "$@"; }
in2() { java -cp "$work/2.1.4/lib/*" "$work/Probe.java" "$@"; }

by3=$(in3 train "$work/model.ubj")
again=$(in3 load "$work/model.ubj")
by2=$(in2 load "$work/model.ubj" 2> "$work/said")
echo "3.4.0, trained and saved:     $by3"
echo "3.4.0, loaded again:          $again"
echo "2.1.4, loaded the same file:  $by2"
echo "what 2.1.4 said about it:     $(wc -c < "$work/said") bytes"
[ "$by3" = "$again" ] || { echo "CHANGED: 3.4.0 does not answer alike after loading" >&2; exit 1; }
[ "$by2" != "$by3" ] || { echo "CHANGED: 2.1.4 answers like 3.4.0" >&2; exit 1; }
