# @TEST-DOC: The connection inside Teredo with an Authentication header, whose packets begin at an odd place.
# @TEST-EXEC: zeek -C -r $TRACES/teredo.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
