package io.github.pgqueue.channel;

/**
 * A signal as it came from the database.
 *
 * @param channel the name of the channel, without the schema's channel prefix
 * @param payload the text that was published; empty if there was none. Any role that can connect can publish on any
 *     channel: treat it as a hint, never as a command
 * @param pid the process id of the server session that sent it
 */
public record Notification(String channel, String payload, int pid) {

    /** Names the notification without its payload, which may be confidential. */
    @Override
    public String toString() {
        return "Notification[channel=" + channel + ", pid=" + pid + "]";
    }
}
