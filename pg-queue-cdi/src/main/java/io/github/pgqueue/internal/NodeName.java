package io.github.pgqueue.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/** Names one manager in one JVM: host, process and a random part; up to 32 characters that fit into a channel's name. */
final class NodeName {

    private static final int HOST_LENGTH = 14;

    private NodeName() {}

    static String create() {
        String random = UUID.randomUUID().toString().substring(0, 8);
        return host() + '_' + ProcessHandle.current().pid() % 10_000_000 + '_' + random;
    }

    private static String host() {
        try {
            String name = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9]", "");
            return name.substring(0, Math.min(name.length(), HOST_LENGTH));
        } catch (UnknownHostException e) {
            return "host";
        }
    }
}
