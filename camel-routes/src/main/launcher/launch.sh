# Starts the application: what the launcher of the sources and that of a release have in common; both source it.
#
# They set root (the product's folder), jars (a folder that holds all jars of the application) and product (these jars as a
# class path), training (a folder of jars that few commands need) and archives (where the classes of a start are kept; empty
# for nowhere), and call launch.

fail() {
  echo "serveflow: $1" >&2
  exit 1
}

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
  java=$JAVA_HOME/bin/java
else
  java=$(command -v java) || fail "no Java found; install $needed 17 or newer, or set JAVA_HOME to one"
fi
properties=$("$java" -XshowSettings:properties -version 2>&1)
property() { printf '%s\n' "$properties" | sed -n "s/^ *$1 = //p"; }
version=$(property java.specification.version)
case $version in
  1.* | "" | *[!0-9]*) fail "$java is Java ${version:-of an unknown version}; $needed 17 or newer is needed" ;;
esac
[ "$version" -ge 17 ] || fail "$java is Java $version; $needed 17 or newer is needed"

# From Java 24 on, native libraries such as ONNX Runtime, and the memory of Netty, are to be allowed; else there are warnings.
if [ "$version" -ge 24 ]; then
  allowed='--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow'
else
  allowed=
fi
# docs/decisions/0030-how-the-jvm-starts.md says why.
collector='-XX:MetaspaceSize=96m -XX:MaxTenuringThreshold=2'
command=io.serveflow.app.cli.Serveflow

# The classes of a start, as this very JVM maps them into memory. An empty archive is one that could not be made that day.
archived() {
  [ -f "$archive" ] && { [ -s "$archive" ] || [ -n "$(find "$archive" -mtime -1)" ]; } &&
    [ -z "$(find "$jars" -mindepth 1 -maxdepth 2 \( -name '*.jar' -o -name lib \) "$changed" "$archive" -print | head -n 1)" ]
}
# Runs a step of the making, which a signal ends with all that it has written.
step() {
  "$@" > "$scratch/said" 2>&1 &
  child=$!
  wait "$child"
}
stop_making() {
  kill -KILL "$child" 2> /dev/null || true
  wait "$child" 2> /dev/null || true
  rm -rf "$scratch"
  exit "$1"
}
# Whatever goes wrong here, the application starts. A JVM that runs may have the old archive open: it is replaced as a whole.
make_archive() {
  rm -rf "$archives"/archive-* 2> /dev/null || true
  scratch=$(mktemp -d "$archives/archive-XXXXXX" 2> /dev/null) || return 0 # another user's folder
  child=
  trap 'stop_making 129' HUP
  trap 'stop_making 130' INT
  trap 'stop_making 143' TERM
  echo "serveflow: noting the classes of a start, with which later ones are faster (once, some ten seconds)" >&2
  # shellcheck disable=SC2086 # a list of options
  if step "$java" $allowed -XX:DumpLoadedClassList="$scratch/noted" -cp "$product" -Djava.io.tmpdir="$scratch" \
    -Djava.awt.headless=true -Dserveflow.home="$root" "$command" rehearse &&
    grep -v '^@lambda' "$scratch/noted" > "$scratch/classes" 2> /dev/null &&
    step "$java" -Xshare:dump $allowed -XX:SharedClassListFile="$scratch/classes" \
      -XX:SharedArchiveFile="$scratch/archive" -cp "$product" &&
    chmod 644 "$scratch/archive"; then
    mv -f "$scratch/archive" "$archive" || true
  else
    echo "serveflow: they cannot be kept; starts take their time ($(tail -n 1 "$scratch/said"))" >&2
    (: > "$scratch/none") 2> /dev/null && mv -f "$scratch/none" "$archive" || true
  fi
  trap - HUP INT TERM
  rm -rf "$scratch" || true
}

# Runs the main class $main with the class path $classpath in this process.
start_java() {
  if [ -t 2 ]; then
    terminal=true
  else
    terminal=false
  fi
  # shellcheck disable=SC2086 # all three are lists of options
  exec "$java" $collector ${shared:+"$shared" -Xlog:cds=off} $allowed ${SERVEFLOW_JAVA_OPTS:-} -cp "$classpath" \
    -Djava.awt.headless=true -Dserveflow.home="$root" -Dserveflow.terminal="$terminal" "$main" "$@"
}

# Runs a command of the application.
launch() {
  # What is named here comes last, such as a jar with a format of lines of your own.
  classpath=$product${SERVEFLOW_CLASSPATH:+:$SERVEFLOW_CLASSPATH}
  main=$command
  case " $* " in
    *" -h "* | *" --help "* | *" -V "* | *" --version "*) ;;
    " run "* | " demo "*) [ -z "$archives" ] || archived || make_archive ;;
  esac
  # Where it does not fit, such as to another collector, newer JVMs would say so on stdout.
  if [ -n "$archives" ] && [ -s "$archive" ] && [ -r "$archive" ] && archived; then
    shared=-XX:SharedArchiveFile=$archive
  else
    shared=
  fi
  case ${1:-} in
    # Only these need the training libraries, which are large.
    train | evaluate | calibrate | pack)
      classpath=$classpath:$training/*
      export OMP_WAIT_POLICY=passive # XGBoost's threads would otherwise spin where cores are shared
      ;;
  esac
  start_java "$@"
}
