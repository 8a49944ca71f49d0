# shellcheck shell=bash
# Telephony: SIP calls with G.711 audio over RTP; sipp.
needs sipp:sip-tester

sip_start() {
  local host
  cp "$HERE/services/sip_call.xml" "$HERE/services/sip_options.xml" "$LAB/shared/"
  for host in near region; do
    daemon "$host" env TERM=dumb sipp -sn uas -aa -nostdin -i "${ADDR[$host]}" -p 5060 -mi "${ADDR[$host]}" -mp 16000 -rtp_echo
    daemon "$host" env TERM=dumb sipp -sn uas -aa -nostdin -t t1 -i "${ADDR[$host]}" -p 5060 -mi "${ADDR[$host]}" -mp 16004 -rtp_echo
  done
  sleep 0.5
}

sip_one() {
  local client=$1 i=$2 server scenario=sip_call.xml transport=u1
  server=$(pick "$i" near region near)
  [ $((i % 7)) != 2 ] || transport=t1
  [ $((i % 4)) != 3 ] || scenario=sip_options.xml
  [ $((i % 11)) != 9 ] || server=metro
  LIMIT=5 on "$client" env TERM=dumb sipp -sf "$LAB/shared/$scenario" -nostdin -m 1 -t "$transport" -timeout 4 -recv_timeout 1500 \
    -i "${ADDR[$client]}" -p "$((5070 + i))" -mi "${ADDR[$client]}" -mp "$((16100 + 4 * i))" -s bob "${ADDR[$server]}:5060"
}

sip_run() { spread $(($1 * 2 / 3)) sip_one; }
