# shellcheck shell=bash
# What today's clients do: one function NAME_today for each capture.  Sourced by make-today.sh and inside-today.sh.
needs chromium:chromium firefox-esr:firefox-esr curl:curl wget:wget openssl:openssl gnutls-cli:gnutls-bin \
  gtlsclient:ngtcp2-client kdig:knot-dnsutils mosquitto_pub:mosquitto-clients

FERRY=timetable.harbour-ferries-and-island-buses.department-of-transport.coast.example
WEBS="web:www.shop.example,web:$FERRY,web:strict.bank.test,web:old.library.example"
TOUR="$WEBS,video:video.cinema.example,parts:video.cinema.example,chat:chat.talk.example"
AGAIN="pause:3,web:www.shop.example,web:$FERRY,web:old.library.example"
QUICS="web:www.news.example,web:www.quic.test,web:retry.quic.test,video:live.cinema.example,parts:live.cinema.example"
QUIC_AGAIN="pause:4,web:www.quic.test,web:retry.quic.test"

# chromium_on CLIENT POLICIES PAGE [FLAG...]   opens a page of www.shop.example; POLICIES: members of a JSON object
chromium_on() {
  local client=$1 policies=$2 page=$3 at
  shift 3
  at=$LAB/$client/policies.json
  echo "{\"CACertificates\": [\"$(cat "$LAB/shared/ca.base64")\"], $policies}" >"$at"
  on "$client" bash -c "mkdir -p /etc/chromium/policies/managed; cp $at /etc/chromium/policies/managed/lab.json
    rm -rf /tmp/chromium"
  LIMIT=${STAY:-30} on "$client" chromium --headless=new --no-sandbox --disable-gpu --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --disable-default-apps \
    --autoplay-policy=no-user-gesture-required --user-data-dir=/tmp/chromium "$@" "https://www.shop.example/$page"
}

PLAIN='"DnsOverHttpsMode": "off"'
SECURE='"DnsOverHttpsMode": "secure", "DnsOverHttpsTemplates": "https://dns.resolver.example/dns-query"'

chromium_today() {
  local name force=
  for name in www.news.example www.quic.test retry.quic.test live.cinema.example; do force=$force${force:+,}$name:443; done
  chromium_on client1 "$PLAIN" "tour.html?$TOUR,$AGAIN" --disable-quic
  chromium_on client3 "$PLAIN" "tour.html?$QUICS,$QUIC_AGAIN" "--origin-to-force-quic-on=$force"
  chromium_on client2 "$PLAIN, \"EncryptedClientHelloEnabled\": false" "tour.html?$TOUR" --disable-quic
  # A DNS server's certificate is looked at where no policy gives an authority: the key is named instead.
  chromium_on client4 "$SECURE" "tour.html?$WEBS,web:page.hidden.example,$QUICS" "--origin-to-force-quic-on=$force" \
    --ignore-certificate-errors-spki-list="$(openssl pkey -in "$LAB/shared/names.key" -pubout -outform DER |
      openssl dgst -sha256 -binary | base64)"
}

# firefox_on CLIENT PAGE [PREFERENCE VALUE]...   opens a page of www.shop.example in a new profile
firefox_on() {
  local client=$1 page=$2 at
  shift 2
  at=$LAB/$client/user.js
  {
    cat <<PREFS
user_pref("app.normandy.enabled", false);
user_pref("app.update.auto", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("media.autoplay.default", 0);
user_pref("media.navigator.permission.disabled", true);
user_pref("media.navigator.streams.fake", true);
user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.http.http3.disable_when_third_party_roots_found", false);
user_pref("services.settings.server", "");
user_pref("toolkit.telemetry.enabled", false);
PREFS
    while [ $# -gt 0 ]; do
      echo "user_pref(\"$1\", $2);"
      shift 2
    done
  } >"$at"
  echo "{\"policies\": {\"Certificates\": {\"Install\": [\"$LAB/shared/ca.crt\"]}}}" >"$LAB/$client/policies.json"
  on "$client" bash -c "mkdir -p /etc/firefox/policies; cp $LAB/$client/policies.json /etc/firefox/policies/
    rm -rf /tmp/firefox; mkdir -p /tmp/firefox; cp $at /tmp/firefox/user.js"
  LIMIT=${STAY:-35} on "$client" env HOME=/tmp MOZ_DISABLE_CONTENT_SANDBOX=1 firefox-esr --headless --no-remote \
    --profile /tmp/firefox "https://www.shop.example/$page"
}

firefox_today() {
  local quic=(network.http.http3.alt-svc-mapping-for-testing
    '"www.news.example;h3=:443,www.quic.test;h3=:443,retry.quic.test;h3=:443,live.cinema.example;h3=:443"')
  firefox_on client2 "tour.html?$TOUR,$AGAIN" network.http.http3.enable false network.trr.mode 5 \
    security.tls.ech.grease_probability 100
  firefox_on client4 "tour.html?$QUICS,$QUIC_AGAIN" "${quic[@]}" network.trr.mode 5 \
    security.tls.ech.grease_probability 100
  firefox_on client1 "tour.html?$TOUR" network.http.http3.enable false network.trr.mode 5 \
    security.tls.ech.grease_probability 0
  firefox_on client3 "tour.html?$WEBS,web:page.hidden.example,$QUICS" "${quic[@]}" network.trr.mode 3 \
    network.trr.allow-rfc1918 true \
    network.trr.uri '"https://dns.resolver.example/dns-query"' network.trr.bootstrapAddr "\"${AT[dns.resolver.example]}\"" \
    security.tls.ech.grease_probability 0
}

# Two browsers that call each other: picture, sound and notes over DTLS and SRTP.
call_today() {
  local grant=(--use-fake-device-for-media-stream --use-fake-ui-for-media-stream)
  STAY=16 chromium_on client1 "$PLAIN" "call.html?caller" --disable-quic "${grant[@]}" &
  sleep 6
  STAY=10 chromium_on client4 "$PLAIN" "call.html?called" --disable-quic "${grant[@]}"
  wait $!
  STAY=20 chromium_on client4 "$PLAIN" "call.html?caller" --disable-quic "${grant[@]}" &
  sleep 5
  STAY=15 firefox_on client1 "call.html?called" network.http.http3.enable false network.trr.mode 5
  wait $!
}

# OpenSSL, GnuTLS and what is built on them: resumed, with early data, with another group than was guessed.
tools_today() {
  local ca=$LAB/shared/ca.crt client early=$LAB/shared/early get="GET /text-4.txt HTTP/1.0\r\n\r\n" name
  printf 'GET /text-1.txt HTTP/1.0\r\nHost: www.shop.example\r\n\r\n' >"$early"
  for client in client1 client3; do
    on "$client" curl -s --cacert "$ca" "https://www.shop.example/data-12.bin" -o /dev/null
    on "$client" curl -s --cacert "$ca" --tls-max 1.2 "https://old.library.example/" -o /dev/null
    on "$client" curl -s --cacert "$ca" --http1.1 "https://strict.bank.test/" -o /dev/null
    on "$client" curl -s --cacert "$ca" "https://www.news.example/text-12.txt" -o /dev/null
    on "$client" wget -q --ca-certificate="$ca" "https://$FERRY/text-12.txt" -O /dev/null
    on "$client" wget -q --ca-certificate="$ca" "https://old.library.example/" -O /dev/null
  done
  for client in client2 client4; do
    for name in www.shop.example "$FERRY"; do
      feed "$client" "$get" openssl s_client -quiet -CAfile "$ca" -connect "$name:443" -servername "$name" -sess_out /tmp/s
      feed "$client" "$get" openssl s_client -quiet -CAfile "$ca" -connect "$name:443" -servername "$name" -sess_in /tmp/s
      feed "$client" "" openssl s_client -ign_eof -CAfile "$ca" -connect "$name:443" -servername "$name" \
        -sess_in /tmp/s -early_data "$early"
    done
    feed "$client" "$get" openssl s_client -quiet -CAfile "$ca" -tls1_2 -connect old.library.example:443 \
      -servername old.library.example
    feed "$client" "$get" openssl s_client -quiet -CAfile "$ca" -groups X25519:P-384 -connect strict.bank.test:443 \
      -servername strict.bank.test
    LIMIT=4 feed "$client" "$get" gnutls-cli -r --x509cafile "$ca" www.news.example
  done
  for client in client1 client4; do
    on "$client" curl -s --cacert "$ca" "https://video.cinema.example/list.m3u8" -o /dev/null \
      "https://video.cinema.example/data-40.bin" -o /dev/null --limit-rate 30k
    on "$client" ffmpeg -loglevel error -ca_file "$ca" -re -i https://video.cinema.example/clip.webm -f null -
  done
}

# QUIC with and without a Retry, resumed with early data, and in a version that only a draft had.
quic_today() {
  local client name get
  for client in client1 client3; do
    for name in www.quic.test retry.quic.test; do
      get=("--session-file=/tmp/session-$name" "--tp-file=/tmp/tp-$name" "$name" 443 "https://$name/text-12.txt")
      LIMIT=3 on "$client" gtlsclient -q --exit-on-all-streams-close "${get[@]}"
      LIMIT=3 on "$client" gtlsclient -q --exit-on-all-streams-close "${get[@]}"
    done
    LIMIT=3 on "$client" gtlsclient -q --exit-on-all-streams-close -v v2draft --other-versions=v2draft,v1 \
      draft.quic.test 443 https://draft.quic.test/text-1.txt
    LIMIT=3 on "$client" gtlsclient -q --exit-on-all-streams-close www.news.example 443 https://www.news.example/text-4.txt
    LIMIT=3 on "$client" gtlsclient -q --exit-on-all-streams-close -n 3 live.cinema.example 443 https://live.cinema.example/data-40.bin
  done
}

dns_today() {
  local client name resolver=${AT[dns.resolver.example]} ca=$LAB/shared/ca.crt tls
  tls=("+tls-ca=$LAB/shared/ca.crt" +tls-hostname=dns.resolver.example +tls-sni=dns.resolver.example)
  for client in client1 client2 client3 client4; do
    on "$client" kdig "${tls[@]}" +tls "@$resolver" www.shop.example A
    on "$client" kdig "${tls[@]}" +tls +keepopen "@$resolver" www.news.example A www.news.example HTTPS gone.example A
    on "$client" kdig "${tls[@]}" +https "@$resolver" video.cinema.example A
    on "$client" kdig "${tls[@]}" +https-get +https "@$resolver" video.cinema.example HTTPS
    on "$client" curl -s --cacert "$ca" --doh-url https://dns.resolver.example/dns-query \
      https://www.news.example/text-1.txt -o /dev/null
  done
}

mqtt_today() {
  local client i=0 broker
  for client in client1 client2 client3 client4; do
    i=$((i + 1))
    broker=(-h broker.plant.example --cafile "$LAB/shared/ca.crt" -i "press$i")
    on "$client" mosquitto_pub "${broker[@]}" -p 8883 -q 1 -r -t "press$i/force" -m "{\"kN\":2$i}"
    on "$client" mosquitto_pub "${broker[@]}" -p 443 --tls-alpn mqtt -q 2 -t "press$i/door" -m open
    feed "$client" "$(seq -f 'reading %g' 12)\n" mosquitto_pub "${broker[@]}" -p 443 --tls-alpn mqtt -l -q 1 -t meter
    LIMIT=3 on "$client" mosquitto_sub "${broker[@]}" -p 8883 -V 5 -t 'press1/#' -C 1 -W 2
  done
}
