# @TEST-DOC: IPv6, with one VLAN tag on the way there and two on the way back.
# @TEST-EXEC: zeek -C -r $TRACES/vlan-ipv6.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log
