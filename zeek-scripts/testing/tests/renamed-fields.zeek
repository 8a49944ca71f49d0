# @TEST-DOC: Settings that rename the fields of all logs leave this one alone.
# @TEST-EXEC: zeek -C -r $TRACES/first-packets.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log

redef Log::default_scope_sep = "_";
redef Log::default_field_name_map += { ["ts"] = "timestamp" };
