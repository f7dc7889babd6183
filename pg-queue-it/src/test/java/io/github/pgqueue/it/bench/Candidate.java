package io.github.pgqueue.it.bench;

import java.sql.SQLException;

/** One way to do the work that is measured: through the library, or by bare JDBC. */
@FunctionalInterface
interface Candidate {

    /**
     * Makes what one run needs, such as tables, jobs, connections and sleeping workers. Nothing of that is timed.
     *
     * @param scale a factor of the numbers of jobs: that of the user, or less to warm up
     */
    Trial prepare(double scale) throws Exception;

    /** A run that is ready to start. The database is vacuumed and a checkpoint made between its making and its start. */
    interface Trial extends AutoCloseable {

        /** Does the work, once. What it costs the server meanwhile is measured around it. */
        Timing run() throws Exception;

        /** Takes away what was made. */
        @Override
        void close() throws SQLException;
    }

    /** Takes something away. */
    @FunctionalInterface
    interface Closing {
        void close() throws SQLException;
    }

    /** A number of jobs at some scale; never so few that nothing is measured. */
    static int scaled(int jobs, double scale) {
        return (int) Math.max(Math.min(jobs, 100), Math.round(jobs * scale));
    }
}
