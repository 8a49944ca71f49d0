# @TEST-DOC: One connection reaches the depth, one runs out of the wait, one is open when the capture ends.
# @TEST-EXEC: zeek -C -r $TRACES/first-packets.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
