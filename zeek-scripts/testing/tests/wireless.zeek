# @TEST-DOC: A capture of IEEE 802.11 with radiotap headers.
# @TEST-EXEC: zeek -C -r $TRACES/wireless.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
