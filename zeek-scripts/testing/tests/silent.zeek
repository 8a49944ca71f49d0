# @TEST-DOC: Without names and hellos the context line has packets alone.
# @TEST-EXEC: zeek -C -r $TRACES/beginnings.pcap $PACKAGE %INPUT
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log

redef ServeFlow::names_of = set();
redef ServeFlow::hellos = F;
