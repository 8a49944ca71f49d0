# @TEST-DOC: A setting that compresses all logs leaves this one alone.
# @TEST-EXEC: zeek -C -r $TRACES/first-packets.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: test -e conn.log.gz
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log

redef LogAscii::gzip_level = 6;
