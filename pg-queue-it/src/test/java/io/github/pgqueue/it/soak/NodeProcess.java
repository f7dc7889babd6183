package io.github.pgqueue.it.soak;

import io.github.pgqueue.it.support.ProcessNode;

/** A process with one node, until its standard input ends: because it is to end, or because the test was killed. */
final class NodeProcess {

    static final String READY = "ready";
    static final String CLOSED = "closed";

    private NodeProcess() {}

    public static void main(String[] arguments) throws Exception {
        Tally tally = new Tally(ProcessNode::say);
        Node node = new Node(ProcessNode.dataSource(), tally);
        ProcessNode.say(READY);
        while (System.in.read() >= 0) {
            // nobody writes anything
        }
        node.interrupt();
        ProcessNode.say(CLOSED);
        System.exit(0);
    }
}
