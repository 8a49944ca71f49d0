# @TEST-DOC: Of the context lines that are due together no more than ServeFlow::most_at_once are written at a time.
# @TEST-EXEC: zeek -C -r $TRACES/many-at-once.pcap $PACKAGE %INPUT > lines
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: btest-diff lines
# @TEST-EXEC: TEST_DIFF_CANONIFIER=$SCRIPTS/canonify.py btest-diff serveflow.log

redef ServeFlow::most_at_once = 3;

global latest = double_to_time(0.0);
global lines = 0;

hook ServeFlow::log_policy(rec: ServeFlow::Info, id: Log::ID, filter: Log::Filter)
	{
	if ( rec$reason != "timeout" )
		return;

	if ( network_time() != latest && lines > 0 )
		{
		print lines;
		lines = 0;
		}

	latest = network_time();
	++lines;
	}

event zeek_done()
	{
	print lines;
	}
