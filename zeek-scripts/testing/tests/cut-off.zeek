# @TEST-DOC: Frames that end within their headers are skipped.
# @TEST-EXEC: zeek -C -r $TRACES/cut-off.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
