/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Makes {@code known-hosts.csv} of the lists of domains that the project v2fly/domain-list-community
 * keeps: {@code java models/KnownHosts.java FOLDER COMMIT DATE > FILE}, FOLDER being a checkout of that
 * commit.
 *
 * <p>Those lists are written for routing, by people who have nothing to do with the captures that
 * bundles are trained on. Only whole domains and host names are taken, no patterns and no keywords.
 */
final class KnownHosts {

    /** By kind the lists that it is made of; behind a minus those that these include and it does not. */
    private static final Map<String, String> KINDS = kinds();

    private static final Pattern HOST = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)+");

    private final Path lists;

    private KnownHosts(final Path lists) {
        this.lists = lists;
    }

    private static Map<String, String> kinds() {
        final Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("dns_secure", "category-doh");
        kinds.put("vpn", "category-vpnservices category-anticensorship category-proxy-tunnels");
        kinds.put(
                "streaming",
                "category-entertainment category-entertainment-cn category-entertainment-ru youtube netflix"
                        + " spotify tiktok twitch -category-games-!cn -category-games-cn -category-acg"
                        + " -category-novel -imdb -goodreads -deviantart -pixiv -chesscom -metacritic -tmdb -tvdb"
                        + " -sonemic -archiveofourown -ficbook -wallhaven -webnovel -subscene");
        kinds.put("gaming", "category-games category-game-platforms-download category-enhance-gaming");
        kinds.put(
                "messaging",
                "category-communication snap kakao -protonmail -mailcom -temp-mail -intercom -teamspeak");
        kinds.put("voice", "category-voip category-stun zoom webex teamspeak");
        kinds.put("p2p", "category-public-tracker category-pt category-ipfs category-cryptocurrency");
        kinds.put("remote_access", "category-remote-control");
        kinds.put("file_transfer", "category-netdisk-!cn category-netdisk-cn category-android-app-download");
        kinds.put("mail", "protonmail mailcom");
        kinds.put("social", "category-social-media-!cn category-social-media-cn");
        kinds.put("ads", "category-ads-all");
        kinds.put("cdn", "category-cdn-!cn category-cdn-cn");
        kinds.put("news", "category-media");
        kinds.put("shop", "category-ecommerce");
        kinds.put("ai", "category-ai-chat-!cn");
        kinds.put("dev", "category-dev category-container");
        kinds.put("time", "category-ntp");
        kinds.put("apple", "apple");
        kinds.put("google", "google");
        kinds.put("microsoft", "microsoft");
        kinds.put("amazon", "amazon");
        return kinds;
    }

    public static void main(final String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: java models/KnownHosts.java FOLDER COMMIT DATE > FILE");
            System.exit(2);
        }
        final KnownHosts hosts = new KnownHosts(Path.of(arguments[0]).resolve("data"));
        System.out.print(
                "# What hosts are known for: domains, with all that is below them, and single hosts (behind a =).\n"
                        + "# Made by models/KnownHosts.java of github.com/v2fly/domain-list-community, commit\n"
                        + "# "
                        + arguments[1]
                        + " of "
                        + arguments[2]
                        + ",\n# Copyright (c) 2018-2019 V2Ray, MIT License.\n# kind,hosts\n");
        for (final Map.Entry<String, String> kind : KINDS.entrySet()) {
            System.out.println(kind.getKey() + "," + String.join(" ", hosts.of(kind.getValue())));
        }
    }

    /** The domains of some lists, those below another one of them left out. */
    private Set<String> of(final String names) throws IOException {
        final Set<String> without = new HashSet<>();
        final List<String> from = new ArrayList<>();
        for (final String name : names.split(" ")) {
            if (name.startsWith("-")) {
                without.add(name.substring(1));
            } else {
                from.add(name);
            }
        }
        final Set<String> all = new TreeSet<>();
        for (final String name : from) {
            read(name, "", without, all);
        }
        final Set<String> kept = new TreeSet<>();
        for (final String host : all) {
            if (!isBelowAnother(host, all)) {
                kept.add(host);
            }
        }
        return kept;
    }

    private static boolean isBelowAnother(final String host, final Set<String> all) {
        final boolean single = host.startsWith("=");
        String rest = single ? host.substring(1) : host;
        if (single && all.contains(rest)) {
            return true;
        }
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
            rest = rest.substring(dot + 1);
            if (all.contains(rest)) {
                return true;
            }
        }
        return false;
    }

    /**
     * @param attribute the one that an entry must have, {@code @ads}; empty for any
     * @param done lists that are left out or were read already, with their attribute
     */
    private void read(
            final String name, final String attribute, final Set<String> done, final Set<String> into)
            throws IOException {
        if (done.contains(name) || !done.add(name + attribute)) {
            return;
        }
        for (final String line : Files.readAllLines(lists.resolve(name), StandardCharsets.UTF_8)) {
            final String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            final String asked =
                    words.length > 1 && words[1].startsWith("@") && !words[1].startsWith("@-")
                            ? words[1]
                            : "";
            if (words[0].startsWith("include:")) {
                read(words[0].substring("include:".length()), attribute + asked, done, into);
            } else if (attribute.isEmpty() || List.of(words).contains(attribute)) {
                add(words[0], into);
            }
        }
    }

    private static void add(final String entry, final Set<String> into) {
        final boolean single = entry.startsWith("full:");
        final String host = entry.substring(entry.indexOf(':') + 1);
        final boolean domain = single || entry.startsWith("domain:") || !entry.contains(":");
        if (domain && HOST.matcher(host).matches()) {
            into.add(single ? "=" + host : host);
        }
    }
}
