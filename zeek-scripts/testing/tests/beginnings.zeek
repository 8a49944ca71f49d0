# @TEST-DOC: The context line has what Zeek has parsed of TLS, HTTP, SSH and DNS, and nothing of half a hello.
# @TEST-EXEC: zeek -C -r $TRACES/beginnings.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
