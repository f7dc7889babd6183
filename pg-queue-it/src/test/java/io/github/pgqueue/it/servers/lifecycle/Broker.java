package io.github.pgqueue.it.servers.lifecycle;

import com.arjuna.ats.jta.recovery.XAResourceRecoveryHelper;
import io.github.pgqueue.it.support.NarayanaRecovery;
import io.github.pgqueue.it.support.NarayanaServices;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import javax.transaction.xa.XAResource;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQXAConnectionFactory;

/**
 * A message broker in the JVM of {@link WeldSeProcess}, which is killed with it and finds its messages again: the second
 * resource that is no database. What it has is collected into one at the end.
 *
 * <p>Safe for use by many threads.
 */
final class Broker {

    private static final String ADDRESS = "vm://0";
    private static final String QUEUE = "effects";
    private static final int JOURNAL_FILE_BYTES = 1024 * 1024;
    private static final String INSERT = "INSERT INTO effect VALUES (?, ?)";

    private final XAConnection connection;

    private Broker(XAConnection connection) {
        this.connection = connection;
    }

    /** Starts one with the messages that its directory has, and registers it with the recovery of this JVM. */
    static Broker start(Path directory) {
        try {
            new EmbeddedActiveMQ().setConfiguration(configuration(directory)).start();
            Broker broker = new Broker(connect());
            NarayanaRecovery.register(new Recovery(connect().createXASession()));
            return broker;
        } catch (Exception e) { // so it is declared
            throw new IllegalStateException(e);
        }
    }

    private static Configuration configuration(Path directory) throws Exception {
        return new ConfigurationImpl()
                .addAcceptorConfiguration("in-vm", ADDRESS)
                .setBindingsDirectory(directory.resolve("bindings").toString())
                .setJournalDirectory(directory.resolve("journal").toString())
                .setLargeMessagesDirectory(directory.resolve("large").toString())
                .setPagingDirectory(directory.resolve("paging").toString())
                .setJournalFileSize(JOURNAL_FILE_BYTES)
                .setJournalType(JournalType.NIO)
                .setPersistenceEnabled(true)
                .setSecurityEnabled(false)
                // A process that is frozen is not ill, and a full disk is not our affair.
                .setCriticalAnalyzer(false)
                .setMaxDiskUsage(-1);
    }

    private static XAConnection connect() throws JMSException {
        XAConnection connection = new ActiveMQXAConnectionFactory(ADDRESS).createXAConnection();
        connection.start();
        return connection;
    }

    /** Sends an effect in the transaction of the calling thread, as its own XA resource. */
    void send(String source, String what) {
        try {
            Transaction transaction = NarayanaServices.manager().getTransaction();
            XASession session = connection.createXASession();
            transaction.registerSynchronization(new Closing(session));
            transaction.enlistResource(session.getXAResource());
            Message message = session.createTextMessage(what);
            message.setStringProperty("source", source);
            session.createProducer(session.createQueue(QUEUE)).send(message);
        } catch (JMSException | SystemException | RollbackException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes every message that is committed, and writes it as an effect into a database. */
    void collect(DataSource into) {
        try (Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                Connection database = into.getConnection();
                PreparedStatement insert = database.prepareStatement(INSERT)) {
            Queue queue = session.createQueue(QUEUE);
            MessageConsumer consumer = session.createConsumer(queue);
            Message message = consumer.receiveNoWait();
            while (message != null) {
                insert.setString(1, message.getStringProperty("source"));
                insert.setString(2, message.getBody(String.class));
                insert.executeUpdate();
                message = consumer.receiveNoWait();
            }
        } catch (JMSException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the session of a transaction when that has ended. */
    private record Closing(XASession session) implements Synchronization {

        @Override
        public void beforeCompletion() {}

        @Override
        public void afterCompletion(int status) {
            try {
                session.close();
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Asks the broker for transactions that were prepared before the process died. */
    private record Recovery(XASession session) implements XAResourceRecoveryHelper {

        @Override
        public boolean initialise(String properties) {
            return true;
        }

        @Override
        public XAResource[] getXAResources() {
            return new XAResource[] {session.getXAResource()};
        }
    }
}
