# @TEST-DOC: The padding of short frames is in neither pkt_len nor pkt_data.
# @TEST-EXEC: zeek -C -r $TRACES/ethernet-padding.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
