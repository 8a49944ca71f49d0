# @TEST-DOC: A capture of PPP without HDLC framing: 2 bytes before the IP header.
# @TEST-EXEC: zeek -C -r $TRACES/ppp.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
