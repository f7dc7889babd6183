package io.github.pgqueue.it.soak;

import io.github.pgqueue.it.support.ProcessNode;
import io.github.pgqueue.it.support.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The nodes of a soak, one in this process and some in processes of their own. Whichever ends is replaced. */
final class Nodes implements AutoCloseable {

    private static final int PROCESSES = 2;

    private final TestDatabase database;
    private final Tally tally;
    private final List<ProcessNode> processes = new ArrayList<>();
    private Node own;

    Nodes(TestDatabase database, Tally tally) throws InterruptedException {
        this.database = database;
        this.tally = tally;
        for (int number = 0; number < PROCESSES; number++) {
            processes.add(start());
        }
        this.own = open();
        processes.forEach(process -> process.awaitLine(NodeProcess.READY));
    }

    private ProcessNode start() {
        return ProcessNode.start(NodeProcess.class, database);
    }

    private Node open() throws InterruptedException {
        return new Node(database.database().dataSource(), tally);
    }

    /** Kills a process that works. */
    void kill(Random random) {
        int index = random.nextInt(PROCESSES);
        ProcessNode killed = ready(index);
        killed.kill();
        tally.count(Event.NODE_KILLED);
        replace(index, killed);
    }

    private ProcessNode ready(int index) {
        ProcessNode process = processes.get(index);
        process.awaitLine(NodeProcess.READY);
        return process;
    }

    private void replace(int index, ProcessNode ended) {
        tally.read(ended.lines());
        processes.set(index, start());
    }

    /** Stops a process that works, and returns what lets it go on, unless it has been killed meanwhile. */
    Runnable freeze(Random random) {
        ProcessNode frozen = ready(random.nextInt(PROCESSES));
        frozen.freeze();
        return () -> {
            if (frozen.thaw()) {
                tally.count(Event.NODE_FROZEN);
            }
        };
    }

    /** Closes the node of this process in the middle of its work. */
    void closeOwn() throws InterruptedException {
        own.interrupt();
        tally.count(Event.NODE_CLOSED);
        own = open();
    }

    /** Closes a node in a process of its own. */
    void closeOther(Random random) {
        int index = random.nextInt(PROCESSES);
        ProcessNode closed = ready(index);
        closed.endInput();
        closed.awaitLine(NodeProcess.CLOSED);
        closed.kill();
        tally.count(Event.NODE_CLOSED);
        replace(index, closed);
    }

    @Override
    public void close() {
        own.close();
        for (ProcessNode process : processes) {
            process.kill();
            tally.read(process.lines());
        }
    }
}
