# @TEST-DOC: The capture of an interface "any".
# @TEST-EXEC: zeek -C -r $TRACES/linux-cooked.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
