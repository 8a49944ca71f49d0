# @TEST-DOC: Tunnelled connections: the packets begin at their own IP header, even if the tunnel names the same hosts.
# @TEST-EXEC: zeek -C -r $TRACES/tunnels.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
