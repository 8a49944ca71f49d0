# @TEST-DOC: A capture without a link header, IPv4 and IPv6.
# @TEST-EXEC: zeek -C -r $TRACES/raw-ip.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
