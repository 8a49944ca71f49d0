# @TEST-DOC: The hello of QUIC, which Zeek parses before it counts packet 1, is in the context line.
# @TEST-REQUIRES: zeek -NN | grep -q ANALYZER_QUIC
# @TEST-EXEC: zeek -C -r $TRACES/quic.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
