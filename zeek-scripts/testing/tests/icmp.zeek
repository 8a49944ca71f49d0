# @TEST-DOC: ICMP has no lines unless it is added to ServeFlow::protocols.
# @TEST-EXEC: zeek -C -r $TRACES/icmp.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
