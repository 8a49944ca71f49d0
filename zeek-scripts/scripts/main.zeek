##! The first packets of each connection, in the log serveflow: a line "first" at packet 1, and a line "context" when
##! ServeFlow::depth packets came, ServeFlow::wait ran out or the connection ended.
##!
##! No event is handled for any packet after these. Zeek 8.0 counts packets natively and calls for exactly the first
##! ones; before that, the low-level packet thresholds of each direction are armed for one packet after the other.

@load base/protocols/conn

module ServeFlow;

export {
	redef enum Log::ID += { LOG };

	## Asked before a line is written; `break` keeps it out of the log.
	global log_policy: Log::PolicyHook;

	## Packets in a full context line, both directions together. Every number from 1 to this must be in
	## :zeek:see:`ConnThreshold::generic_packet_thresholds` where that exists (Zeek 8.0); there are 1 to 10 unless you
	## add more. Earlier versions set no limit of their own. The line must stay below 1 MiB either way.
	option depth: count = 10;

	## Bytes kept of each packet, from its IP header on.
	option snap: count = 128;

	## How long after packet 1 the context line is written with what there is. Looked at every second.
	option wait: interval = 10sec;

	## Whether context lines are written. With F nothing is kept between packets.
	option context: bool = T;

	## Connections of other protocols are left out. ServeFlow skips ICMP in captures and in every log, so icmp here only
	## makes lines for others to read.
	option protocols: set[transport_proto] = { tcp, udp };

	## Connections with either host in one of these are left out.
	option skip_subnets: set[subnet] = {};

	## 1 takes every connection, n about one in n. The Community ID decides, so both lines of a flow are there or
	## neither, and several sensors take the same flows.
	option sample_one_in: count = 1;

	## Seed of the Community ID; the one that your conn.log has.
	option community_id_seed: count = 0;

	## Most connections that packets are kept of at the same time. One more gets its first line and no context line,
	## and is counted.
	option max_waiting: count = 100000;

	## Context lines written at once, when the waits of many connections run out together; the next ones follow 10 ms
	## later. A line takes about 17 microseconds, during which Zeek handles no packet.
	const most_at_once: count = 1000 &redef;

	## Whose names are in the context line: "tls" (the server name of TLS, DTLS and QUIC), "http" (the host), "dns" (the
	## question). They tell who visited whom; ssl.log, http.log and dns.log have them too.
	option names_of: set[string] = { "tls", "http", "dns" };

	## Whether the context line has the client's hello of TLS, DTLS and QUIC: its length and lists, what the server chose.
	option hellos: bool = T;

	## How often what was left out is reported, at most.
	option report_interval: interval = 1min;

	type Info: record {
		## Time of packet 1.
		ts: time &log;
		## The connection, as in conn.log.
		uid: string &log;
		## Its endpoints as Zeek knew them at packet 1; both lines say the same even if the roles are flipped later.
		id: conn_id &log;
		## Its transport protocol.
		proto: transport_proto &log;
		## Community ID v1.
		community_id: string &log;
		## "first" or "context".
		stage: string &log;
		## What completed a context line: "depth", "timeout" or "end".
		reason: string &log;
		## Time since ts, of each packet.
		pkt_dt: vector of interval &log;
		## Whether the originator in id sent it.
		pkt_orig: vector of bool &log;
		## Length on the wire from the IP header on.
		pkt_len: vector of count &log;
		## First bytes from the IP header on, base64.
		pkt_data: vector of string &log;

		# What Zeek has parsed by then; in context lines alone, and all of it only if it was said.

		## Protocol that the connection begins with: "tls", "dtls", "quic", "http", "dns" or "ssh".
		app_proto: string &log &optional;
		## Server name of TLS, DTLS or QUIC.
		server_name: string &log &optional;
		## Host of HTTP, with its port if the client sent it.
		http_host: string &log &optional;
		## Name of the first question of DNS.
		dns_query: string &log &optional;
		## Application protocol that the server chose (ALPN).
		next_protocol: string &log &optional;
		## Whether the hello has an encrypted one inside, or what looks like it.
		ech: bool &log &optional;
		## Version of QUIC.
		quic_version: count &log &optional;
		## Length of the client's hello without its header.
		hello_length: count &log &optional;
		## Whether the lists are all that the hello has.
		hello_complete: bool &log &optional;
		## Versions of TLS that the client takes.
		hello_versions: vector of count &log &optional;
		## Cipher suites, as they were sent, with those that mean nothing.
		hello_ciphers: vector of count &log &optional;
		## Types of the extensions, as they were sent.
		hello_extensions: vector of count &log &optional;
		## Groups for the key exchange, as they were sent.
		hello_groups: vector of count &log &optional;
		## Application protocols that the client offers (ALPN).
		hello_protocols: vector of string &log &optional;
		## Ids of the transport parameters of QUIC, without those that mean nothing.
		hello_parameters: vector of count &log &optional;
	};

	## What Zeek has parsed of how a connection begins: the optional fields of the line to be.
	type Beginning: record {
		app_proto: string &optional;
		server_name: string &optional;
		http_host: string &optional;
		dns_query: string &optional;
		next_protocol: string &optional;
		ech: bool &optional;
		quic_version: count &optional;
		hello_length: count &optional;
		hello_versions: vector of count &optional;
		hello_ciphers: vector of count &optional;
		hello_extensions: vector of count &optional;
		hello_groups: vector of count &optional;
		hello_protocols: vector of string &optional;
		hello_parameters: vector of count &optional;
		## Whether a list is longer than is kept.
		cut: bool &default=F;
	};

	## What was left out since Zeek started.
	type Losses: record {
		## Context lines, because max_waiting connections were waiting.
		contexts: count &default=0;
		## Whole connections, because no IP header of theirs was found in packet 1.
		connections: count &default=0;
		## Later packets of a connection, for the same reason.
		packets: count &default=0;
	};

	## What was left out since Zeek started, for other scripts to read.
	global losses: Losses = Losses();

	## A connection whose context line is not written yet.
	type Waiting: record {
		## The line to be; unset once it is written.
		info: Info &optional;
		## Key in the queue of the waiting.
		place: count;
		## Where the IP header began in the latest packet.
		at: count;
		## Whether that header is of version 6.
		v6: bool;
		## Source and destination address of packet 1, as bytes.
		forward: string;
		## The same two the other way round.
		backward: string;
		## What was said so far.
		beginning: Beginning &optional;
	};
}

redef record connection += {
	serveflow: ServeFlow::Waiting &optional;
	## What packet 1 said, where it is analyzed before it is counted.
	serveflow_early: ServeFlow::Beginning &optional;
};

# Where an IP header can begin: behind Ethernet with none to five 4-byte tags or labels, or PPPoE (14 to 34); Linux
# cooked v1 and v2 (16, 20); nothing, or a loopback header (0, 4). pcap_packet$link_type would say, but is wrong in
# Zeek 8.0, and the header record that has it right costs as much as the rest.
const link_offsets: vector of count = vector(14, 18, 22, 26, 30, 34, 16, 20, 0, 4);

# How deep it is looked for behind a link layer that is not among those: radiotap with 802.11, FDDI, 802.1ah, PPP.
const deepest_link: count = 120;

# Where it was in the latest connection of such a link layer, so that the next one finds it at once.
global other_link: count = 0;

# How deep in a frame the header of a tunnelled packet is looked for.
const deepest_header: count = 200;

# The answer when there is none.
const nowhere: count = 65536;

# The reader takes lines of 1 MiB; this leaves room for the fixed fields and for what is said.
const longest_packets: count = 1000000;

# Most numbers of a list of a hello, and most names. A browser's hello has 16 ciphers and 18 extensions.
const longest_list: count = 100;
const longest_protocols: count = 16;

# Longest name that is written; DNS has none that is longer.
const longest_name: count = 255;

# What ServeFlow::names_of may have.
const named: set[string] = { "tls", "http", "dns" };

# NetBIOS has the form of DNS and names hosts of its own.
const netbios: set[port] = { 137/udp };

# Numbers of variable length in QUIC: how many bytes there are, and what the two bits are cut off with.
const quic_bytes: vector of count = vector(1, 2, 4, 8);
const quic_limits: vector of count = vector(64, 16384, 1073741824, 4611686018427387904);

# The largest id of a transport parameter that is written; greater ones are nobody's or mean nothing.
const largest_parameter: count = 4294967295;

# The connections whose context line is not written yet, in the order of their first packets.
global queue: table[count] of Waiting;
global queue_head: count = 0;
global queue_tail: count = 0;

global reported: Losses = Losses();
global reported_at: time = double_to_time(0.0);

global tick: event();

@ifdef ( ConnThreshold::generic_packet_thresholds )
redef ConnThreshold::generic_packet_thresholds += { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
@else
redef record ServeFlow::Waiting += {
	## Packets counted so far.
	packets: count &default=1;
};
@endif

# What is wrong with a depth and a snap length, or "".
function fault(packets: count, bytes: count): string
	{
	if ( packets == 0 )
		return "ServeFlow::depth must be at least 1, was 0";

	if ( bytes < 20 )
		return fmt("ServeFlow::snap must be at least 20, the length of an IPv4 header, was %d", bytes);

	# Base64 makes 4 characters of 3 bytes; 48 are for the numbers and separators.
	if ( packets * (bytes * 4 / 3 + 48) > longest_packets )
		return fmt("ServeFlow::depth %d with ServeFlow::snap %d makes lines of more than 1 MiB; lower either",
		           packets, bytes);

@ifdef ( ConnThreshold::generic_packet_thresholds )
	local n = 1;

	while ( n <= packets )
		{
		if ( n !in ConnThreshold::generic_packet_thresholds )
			return fmt("ServeFlow::depth is %d, but %d is not in ConnThreshold::generic_packet_thresholds; redef it",
			           packets, n);

		++n;
		}
@endif

	return "";
	}

function change_depth(name: string, value: count): count
	{
	local problem = fault(value, snap);

	if ( problem == "" )
		return value;

	Reporter::error(fmt("%s; it stays %d", problem, depth));
	return depth;
	}

function change_snap(name: string, value: count): count
	{
	local problem = fault(depth, value);

	if ( problem == "" )
		return value;

	Reporter::error(fmt("%s; it stays %d", problem, snap));
	return snap;
	}

function change_sample(name: string, value: count): count
	{
	if ( value > 0 )
		return value;

	Reporter::error(fmt("ServeFlow::sample_one_in must be at least 1, was 0; it stays %d", sample_one_in));
	return sample_one_in;
	}

# What is wrong with a set of names, or "".
function names_fault(value: set[string]): string
	{
	for ( kind in value )
		{
		if ( kind !in named )
			return fmt("ServeFlow::names_of may have tls, http and dns, had %s", kind);
		}

	return "";
	}

function change_names(name: string, value: set[string]): set[string]
	{
	local problem = names_fault(value);

	if ( problem == "" )
		return value;

	Reporter::error(fmt("%s; it stays as it was", problem));
	return names_of;
	}

event zeek_init() &priority=5
	{
	# Zeek 8.1 cuts vectors and texts, by default after 100 elements, 4,096 bytes, and 500 and 256,000 a line. 0 is no
	# limit; the depth and the snap length are checked below.
@ifdef ( Log::default_max_field_string_bytes )
	Log::create_stream(LOG, [$columns=Info, $path="serveflow", $policy=log_policy, $max_field_string_bytes=0,
	                         $max_total_string_bytes=0, $max_field_container_elements=0,
	                         $max_total_container_elements=0]);
@else
	Log::create_stream(LOG, [$columns=Info, $path="serveflow", $policy=log_policy]);
@endif

	# JSON with epoch time, the names of the record and a file that can be followed, for this log alone, whatever the
	# others are.
	local filter = Log::get_filter(LOG, "default");
	filter$config = table(["use_json"] = "T", ["json_timestamps"] = "JSON::TS_EPOCH", ["gzip_level"] = "0");
	filter$scope_sep = ".";
	filter$field_name_map = table();
	Log::add_filter(LOG, filter);

	local problem = fault(depth, snap);

	if ( problem == "" && sample_one_in == 0 )
		problem = "ServeFlow::sample_one_in must be at least 1, was 0";

	if ( problem == "" && most_at_once == 0 )
		problem = "ServeFlow::most_at_once must be at least 1, was 0";

	if ( problem == "" )
		problem = names_fault(names_of);

	if ( problem != "" )
		Reporter::fatal(problem);

	Option::set_change_handler("ServeFlow::depth", change_depth);
	Option::set_change_handler("ServeFlow::snap", change_snap);
	Option::set_change_handler("ServeFlow::sample_one_in", change_sample);
	Option::set_change_handler("ServeFlow::names_of", change_names);

	schedule 1sec { ServeFlow::tick() };
	}

# The version in the IP header at an index. The packet's and not that of the connection's addresses, because Zeek holds
# the IPv4-mapped addresses of IPv6 packets as IPv4.
function ip_version(data: string, at: count): count
	{
	return bytestring_to_count(data[at:at + 1]) / 16;
	}

# Whether two addresses are the hosts of a connection, in either order.
function is_between(source: addr, destination: addr, id: conn_id): bool
	{
	return (source == id$orig_h && destination == id$resp_h) ||
	    (source == id$resp_h && destination == id$orig_h);
	}

# Whether an IP header between the hosts of a connection begins at an index: the version, the room and both addresses
# have to be right, so it cannot be a header between others.
function is_header(data: string, at: count, id: conn_id): bool
	{
	if ( |data| < at + 20 )
		return F;

	local version = ip_version(data, at);

	if ( version == 4 )
		return is_between(raw_bytes_to_v4_addr(data[at + 12:at + 16]),
		                  raw_bytes_to_v4_addr(data[at + 16:at + 20]), id);

	return version == 6 && |data| >= at + 40 &&
	    is_between(raw_bytes_to_v6_addr(data[at + 8:at + 24]), raw_bytes_to_v6_addr(data[at + 24:at + 40]), id);
	}

# Both ports of a packet whose IP header begins at an index, source port first, as one number; 0 if they are cut off.
# IPv6 extension headers are not looked behind.
function ports(data: string, at: count, v6: bool): count
	{
	local from = at + (v6 ? 40 : bytestring_to_count(data[at:at + 1]) % 16 * 4);
	return |data| < from + 4 ? 0 : bytestring_to_count(data[from:from + 4]);
	}

function orig_ports(id: conn_id): count
	{
	return port_to_count(id$orig_p) * 65536 + port_to_count(id$resp_p);
	}

function resp_ports(id: conn_id): count
	{
	return port_to_count(id$resp_p) * 65536 + port_to_count(id$orig_p);
	}

# Where the connection's own IP header begins in a frame. Done once a connection, and again only for a packet whose
# header is elsewhere. In a tunnel the frame begins with the headers of the tunnel, which may name the same two hosts,
# so there the ports have to be right too.
function find_header(c: connection, data: string): count
	{
	local at = 0;

	if ( ! c?$tunnel || |c$tunnel| == 0 )
		{
		for ( i in link_offsets )
			{
			if ( is_header(data, link_offsets[i], c$id) )
				return link_offsets[i];
			}

		if ( is_header(data, other_link, c$id) )
			return other_link;

		while ( at <= deepest_link && at + 20 <= |data| )
			{
			if ( is_header(data, at, c$id) )
				{
				other_link = at;
				return at;
				}

			++at;
			}

		return nowhere;
		}

	local has_ports = get_port_transport_proto(c$id$resp_p) != icmp;
	at = 20;

	while ( at <= deepest_header && at + 20 <= |data| )
		{
		if ( is_header(data, at, c$id) )
			{
			local pair = ports(data, at, ip_version(data, at) == 6);

			if ( ! has_ports || pair == orig_ports(c$id) || pair == resp_ports(c$id) )
				return at;
			}

		# By single bytes: the Authentication header of Teredo has 13.
		++at;
		}

	return nowhere;
	}

# Adds a packet whose IP header begins at an index. Base64 is made here, once a packet: each packet that is kept is
# written at least once, and the first line needs it at once.
function keep(info: Info, p: pcap_packet, at: count, v6: bool, is_orig: bool)
	{
	local length = v6 ? bytestring_to_count(p$data[at + 4:at + 6]) : bytestring_to_count(p$data[at + 2:at + 4]);

	# The header's length, so that the padding of short Ethernet frames is in neither field. It is 0 for what the
	# network card is to cut up (segmentation offload) and for jumbograms; the frame's length has to do then.
	if ( length == 0 )
		length = p$len - at;
	else if ( v6 )
		length += 40;

	local dt = double_to_time(p$ts_sec + p$ts_usec / 1000000.0) - info$ts;

	info$pkt_dt += (dt < 0sec ? 0sec : dt);
	info$pkt_orig += is_orig;
	info$pkt_len += length;
	info$pkt_data += encode_base64(p$data[at:at + (length < snap ? length : snap)]);
	}

# Puts into a line what was said of how its connection begins.
function say(info: Info, b: Beginning)
	{
	if ( b?$app_proto )
		info$app_proto = b$app_proto;

	if ( b?$server_name )
		info$server_name = b$server_name;

	if ( b?$http_host )
		info$http_host = b$http_host;

	if ( b?$dns_query )
		info$dns_query = b$dns_query;

	if ( b?$next_protocol )
		info$next_protocol = b$next_protocol;

	if ( b?$ech )
		info$ech = b$ech;

	if ( hellos && b?$quic_version )
		info$quic_version = b$quic_version;

	# Without it the lists are of a hello whose end has not come, or of none.
	if ( ! b?$hello_length )
		return;

	info$hello_length = b$hello_length;
	info$hello_complete = ! b$cut;

	if ( b?$hello_versions )
		info$hello_versions = b$hello_versions;

	if ( b?$hello_ciphers )
		info$hello_ciphers = b$hello_ciphers;

	if ( b?$hello_extensions )
		info$hello_extensions = b$hello_extensions;

	if ( b?$hello_groups )
		info$hello_groups = b$hello_groups;

	if ( b?$hello_protocols )
		info$hello_protocols = b$hello_protocols;

	if ( b?$hello_parameters )
		info$hello_parameters = b$hello_parameters;
	}

function write_context(w: Waiting, reason: string)
	{
	delete queue[w$place];

	if ( ! w?$info )
		return;

	if ( w?$beginning )
		{
		say(w$info, w$beginning);
		delete w$beginning;
		}

	w$info$stage = "context";
	w$info$reason = reason;
	Log::write(LOG, w$info);
	delete w$info;
	}

# Packet 1: leaves the connection alone if an option says so, writes the first line, and begins to wait.
function begin_flow(c: connection)
	{
	local proto = get_port_transport_proto(c$id$resp_p);

	if ( proto !in protocols )
		return;

	if ( |skip_subnets| > 0 && (c$id$orig_h in skip_subnets || c$id$resp_h in skip_subnets) )
		return;

	local community_id = community_id_v1(c$id, community_id_seed);

	if ( sample_one_in > 1 && fnv1a32(community_id) % sample_one_in != 0 )
		return;

	local p = get_current_packet();
	local at = find_header(c, p$data);

	if ( at == nowhere )
		{
		++losses$connections;
		return;
		}

	# A copy, because Zeek swaps the endpoints in c$id itself when it flips the roles.
	local info = Info($ts=double_to_time(p$ts_sec + p$ts_usec / 1000000.0), $uid=c$uid, $id=copy(c$id), $proto=proto,
	                  $community_id=community_id, $stage="first", $reason="depth", $pkt_dt=vector(),
	                  $pkt_orig=vector(), $pkt_len=vector(), $pkt_data=vector());

	local v6 = ip_version(p$data, at) == 6;
	local from_orig = T;

	# Only the ports tell apart what a host says to itself.
	if ( c$id$orig_h == c$id$resp_h )
		from_orig = ports(p$data, at, v6) != resp_ports(c$id);
	else if ( v6 )
		from_orig = raw_bytes_to_v6_addr(p$data[at + 8:at + 24]) == c$id$orig_h;
	else
		from_orig = raw_bytes_to_v4_addr(p$data[at + 12:at + 16]) == c$id$orig_h;

	keep(info, p, at, v6, from_orig);
	Log::write(LOG, info);

	if ( ! context )
		return;

	if ( |queue| >= max_waiting )
		{
		++losses$contexts;
		return;
		}

	# The two addresses of the header, as they are there.
	local forward = v6 ? p$data[at + 8:at + 40] : p$data[at + 12:at + 20];
	local half = |forward| / 2;

	c$serveflow = Waiting($info=info, $place=queue_tail, $at=at, $v6=v6, $forward=forward,
	                      $backward=forward[half:] + forward[:half]);
	queue[queue_tail] = c$serveflow;
	++queue_tail;

	if ( c?$serveflow_early )
		c$serveflow$beginning = c$serveflow_early;
	}

# A packet after the first, of a connection that is still waited for.
function add_packet(c: connection, w: Waiting)
	{
	local p = get_current_packet();
	local ends = w$v6 ? p$data[w$at + 8:w$at + 40] : p$data[w$at + 12:w$at + 20];

	# Another VLAN on the way back, say.
	if ( ends != w$forward && ends != w$backward )
		{
		local at = find_header(c, p$data);

		# The version cannot change, but for a connection that is IPv4 one way and IPv4-mapped the other.
		if ( at == nowhere || (ip_version(p$data, at) == 6) != w$v6 )
			{
			++losses$packets;
			return;
			}

		w$at = at;
		ends = w$v6 ? p$data[at + 8:at + 40] : p$data[at + 12:at + 20];
		}

	# Against the endpoints of packet 1, so that a flip of the roles changes nothing.
	local is_orig = ends == w$forward ? w$info$pkt_orig[0] : ! w$info$pkt_orig[0];

	if ( w$forward == w$backward )
		is_orig = ports(p$data, w$at, w$v6) != resp_ports(w$info$id);

	keep(w$info, p, w$at, w$v6, is_orig);
	}

# Packet n of a connection is the current packet.
function take(c: connection, n: count)
	{
	if ( n == 1 )
		{
		begin_flow(c);

		if ( c?$serveflow_early )
			delete c$serveflow_early;
		}
	else if ( c?$serveflow && c$serveflow?$info )
		add_packet(c, c$serveflow);

	if ( n >= depth && c?$serveflow )
		write_context(c$serveflow, "depth");
	}

@ifdef ( ConnThreshold::generic_packet_thresholds )

event conn_generic_packet_threshold_crossed(c: connection, threshold: count)
	{
	# What most calls are for, without the way through take. Others may have added thresholds of their own.
	if ( threshold > 1 && threshold < depth )
		{
		if ( c?$serveflow && c$serveflow?$info )
			add_packet(c, c$serveflow);
		}
	else if ( threshold == 1 || c?$serveflow )
		take(c, threshold);
	}

@else

# Calls again for the next packet of either side. All numbers are Zeek's own and not what was counted here, so that
# after a flip of the roles, which swaps the counts and not the thresholds, they are right again.
function arm(c: connection)
	{
	set_current_conn_packets_threshold(c$id, c$orig$num_pkts + 1, T);
	set_current_conn_packets_threshold(c$id, c$resp$num_pkts + 1, F);
	}

# Each counts once: a call may come twice for a packet, when roles are flipped by it.
function counted(c: connection)
	{
	if ( ! c?$serveflow || ! c$serveflow?$info )
		return;

	local n = c$orig$num_pkts + c$resp$num_pkts;

	if ( n > c$serveflow$packets )
		{
		c$serveflow$packets = n;
		take(c, n);
		}

	if ( c$serveflow?$info )
		arm(c);
	}

event new_connection(c: connection)
	{
	# Packet 1 is counted by now, though c$orig$num_pkts still says 0: the current packet is that packet.
	take(c, 1);

	if ( c?$serveflow && c$serveflow?$info )
		{
		# Not num_pkts + 1, as it is stale; crossed thresholds call at once and are skipped by their number.
		set_current_conn_packets_threshold(c$id, 1, T);
		set_current_conn_packets_threshold(c$id, 1, F);
		}
	}

event conn_packets_threshold_crossed(c: connection, threshold: count, is_orig: bool)
	{
	counted(c);
	}

event connection_flipped(c: connection)
	{
	counted(c);
	}

@endif

# Whether what a connection says is still to be written, so that there is a place to put it. Behind the context line
# nothing is kept any more.
function hears(c: connection): bool
	{
	if ( ! hellos && |names_of| == 0 )
		return F;

	if ( c?$serveflow )
		{
		if ( ! c$serveflow?$info )
			return F;

		if ( ! c$serveflow?$beginning )
			c$serveflow$beginning = Beginning();

		return T;
		}

@ifdef ( ConnThreshold::generic_packet_thresholds )
	# Over UDP the analyzers of a known port see packet 1 before it is counted; what comes later is of a connection that
	# was left out.
	if ( ! context || c$duration > 0sec )
		return F;

	if ( ! c?$serveflow_early )
		c$serveflow_early = Beginning();

	return T;
@else
	return F;
@endif
	}

# What a connection that is heard has said so far.
function beginning(c: connection): Beginning
	{
	return c?$serveflow ? c$serveflow$beginning : c$serveflow_early;
	}

# Whether a name can be one. Its sender can put anything into it.
function is_name(name: string): bool
	{
	return |name| > 0 && |name| <= longest_name && ! ( /[^!-~]/ in name );
	}

# A list of a hello, cut to what is kept.
function kept_numbers(b: Beginning, numbers: vector of count): vector of count
	{
	if ( |numbers| <= longest_list )
		return numbers;

	b$cut = T;
	return numbers[0:longest_list];
	}

# The ids of the transport parameters of QUIC, each of which is an id, a length and so many bytes.
function transport_parameters(b: Beginning, val: string): vector of count
	{
	local ids: vector of count = vector();
	local number: vector of count = vector(0, 0);
	local at = 0;

	while ( at < |val| && |ids| < longest_list )
		{
		local n = 0;

		while ( n < 2 )
			{
			if ( at >= |val| )
				{
				b$cut = T;
				return ids;
				}

			local size = bytestring_to_count(val[at:at + 1]) / 64;

			if ( at + quic_bytes[size] > |val| )
				{
				b$cut = T;
				return ids;
				}

			number[n] = bytestring_to_count(val[at:at + quic_bytes[size]]) % quic_limits[size];
			at += quic_bytes[size];
			++n;
			}

		if ( number[0] % 31 != 27 && number[0] <= largest_parameter )
			ids += number[0];

		if ( number[1] > |val| )
			{
			b$cut = T;
			return ids;
			}

		at += number[1];
		}

	return ids;
	}

# Of TLS, DTLS and QUIC, the extensions come first, each in an event of its own kind and in ssl_extension, then
# ssl_client_hello, and ssl_handshake_message at last. A second hello, after a retry, changes nothing.
@ifdef ( ssl_client_hello )

event ssl_extension(c: connection, is_client: bool, code: count, val: string)
	{
	if ( ! is_client || ! hellos || ! hears(c) )
		return;

	local b = beginning(c);

	if ( b?$hello_length )
		return;

	if ( ! b?$hello_extensions )
		b$hello_extensions = vector();

	if ( |b$hello_extensions| < longest_list )
		b$hello_extensions += code;
	else
		b$cut = T;

	if ( code == 65037 )
		b$ech = T;
	else if ( code == 57 )
		b$hello_parameters = transport_parameters(b, val);
	}

event ssl_extension_server_name(c: connection, is_client: bool, names: string_vec)
	{
	if ( ! is_client || |names| == 0 || "tls" !in names_of || ! is_name(names[0]) || ! hears(c) )
		return;

	local b = beginning(c);

	if ( ! b?$server_name && ! b?$hello_length )
		b$server_name = names[0];
	}

event ssl_extension_application_layer_protocol_negotiation(c: connection, is_client: bool, protocols: string_vec)
	{
	if ( |protocols| == 0 || ! hellos || ! hears(c) )
		return;

	local b = beginning(c);

	if ( ! is_client )
		{
		if ( is_name(protocols[0]) )
			b$next_protocol = protocols[0];
		}
	else if ( ! b?$hello_length )
		{
		if ( |protocols| > longest_protocols )
			{
			b$cut = T;
			b$hello_protocols = protocols[0:longest_protocols];
			}
		else
			b$hello_protocols = protocols;
		}
	}

event ssl_extension_supported_versions(c: connection, is_client: bool, versions: index_vec)
	{
	if ( ! is_client || ! hellos || ! hears(c) )
		return;

	local b = beginning(c);

	if ( ! b?$hello_length )
		b$hello_versions = kept_numbers(b, versions);
	}

event ssl_extension_elliptic_curves(c: connection, is_client: bool, curves: index_vec)
	{
	if ( ! is_client || ! hellos || ! hears(c) )
		return;

	local b = beginning(c);

	if ( ! b?$hello_length )
		b$hello_groups = kept_numbers(b, curves);
	}

event ssl_client_hello(c: connection, version: count, record_version: count, possible_ts: time,
    client_random: string, session_id: string, ciphers: index_vec, comp_methods: index_vec)
	{
	if ( ! hears(c) )
		return;

	local b = beginning(c);

	# Also behind another protocol, as after STARTTLS or a proxy's CONNECT.
	if ( ! b?$quic_version )
		b$app_proto = get_port_transport_proto(c$id$resp_p) == udp ? "dtls" : "tls";

	if ( ! hellos || b?$hello_length )
		return;

	b$hello_ciphers = kept_numbers(b, ciphers);

	if ( ! b?$hello_versions )
		b$hello_versions = vector(version);
	}

event ssl_handshake_message(c: connection, is_client: bool, msg_type: count, length: count)
	{
	if ( ! is_client || msg_type != 1 || ! hellos || ! hears(c) )
		return;

	local b = beginning(c);

	if ( ! b?$hello_length )
		b$hello_length = length;
	}

@endif

@ifdef ( QUIC::initial_packet )

event QUIC::initial_packet(c: connection, is_orig: bool, version: count, dcid: string, scid: string)
	{
	if ( ! is_orig || ! hears(c) )
		return;

	local b = beginning(c);
	b$app_proto = "quic";

	if ( ! b?$quic_version )
		b$quic_version = version;
	}

@endif

@ifdef ( http_header )

event http_request(c: connection, method: string, original_URI: string, unescaped_URI: string, version: string)
	{
	if ( ! hears(c) )
		return;

	local b = beginning(c);

	if ( ! b?$app_proto )
		b$app_proto = "http";
	}

event http_header(c: connection, is_orig: bool, name: string, value: string)
	{
	if ( name != "HOST" || ! is_orig || "http" !in names_of || ! is_name(value) || ! hears(c) )
		return;

	local b = beginning(c);

	if ( ! b?$http_host )
		b$http_host = value;
	}

@endif

@ifdef ( dns_request )

event dns_request(c: connection, msg: dns_msg, query: string, qtype: count, qclass: count)
	{
	if ( c$id$resp_p in netbios || ! hears(c) )
		return;

	local b = beginning(c);

	if ( ! b?$app_proto )
		b$app_proto = "dns";

	if ( "dns" in names_of && ! b?$dns_query && is_name(query) )
		b$dns_query = query;
	}

@endif

@ifdef ( ssh_client_version )

event ssh_client_version(c: connection, version: string)
	{
	if ( ! hears(c) )
		return;

	local b = beginning(c);

	if ( ! b?$app_proto )
		b$app_proto = "ssh";
	}

@endif

event connection_state_remove(c: connection)
	{
	if ( c?$serveflow )
		write_context(c$serveflow, "end");
	}

# Says what was left out since the last time, and when there is something new.
function report()
	{
	if ( losses$contexts > reported$contexts )
		Reporter::warning(fmt("ServeFlow: %d context lines were left out, ServeFlow::max_waiting is %d connections",
		                      losses$contexts - reported$contexts, max_waiting));

	if ( losses$connections > reported$connections )
		Reporter::warning(fmt("ServeFlow: %d connections were left out, no IP header of theirs is in their first packet",
		                      losses$connections - reported$connections));

	if ( losses$packets > reported$packets )
		Reporter::warning(fmt("ServeFlow: %d packets were left out, no IP header of their connection is in them",
		                      losses$packets - reported$packets));

	reported = copy(losses);
	reported_at = network_time();
	}

# One timer for all connections instead of one each: they wait equally long, so the queue is in the order in which
# their waits run out. Places of connections that are written already are empty.
event tick()
	{
	local now = network_time();
	local left = most_at_once;

	while ( queue_head < queue_tail && left > 0 )
		{
		if ( queue_head in queue )
			{
			if ( now - queue[queue_head]$info$ts < wait )
				break;

			write_context(queue[queue_head], "timeout");
			--left;
			}

		++queue_head;
		}

	if ( now - reported_at >= report_interval )
		report();

	schedule left == 0 ? 10msec : 1sec { ServeFlow::tick() };
	}

event zeek_done()
	{
	# Connections are removed before this, as a rule; what is left is written whatever the order.
	while ( queue_head < queue_tail )
		{
		if ( queue_head in queue )
			write_context(queue[queue_head], "end");

		++queue_head;
		}

	report();
	}
