# @TEST-DOC: IPv6 packets between IPv4-mapped addresses, which Zeek holds as IPv4.
# @TEST-EXEC: zeek -C -r $TRACES/ipv4-mapped.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
