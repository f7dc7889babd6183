package io.github.pgqueue.it.support;

import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.internal.jta.recovery.arjunacore.XARecoveryModule;
import com.arjuna.ats.jta.recovery.XAResourceRecoveryHelper;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.transaction.xa.XAResource;
import org.jboss.tm.XAResourceRecovery;
import org.jboss.tm.XAResourceRecoveryRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The recovery of Narayana outside of a server: resources that are registered with it are asked for transactions that
 * were prepared before the process died. A process that wants it prepares it, opens its pools, and starts it.
 */
public final class NarayanaRecovery implements XAResourceRecoveryRegistry {

    private static volatile @Nullable NarayanaRecovery prepared;

    private final RecoveryManager manager;
    private final Map<XAResourceRecovery, XAResourceRecoveryHelper> helpers = new ConcurrentHashMap<>();

    private NarayanaRecovery(RecoveryManager manager) {
        this.manager = manager;
    }

    /** Before the first pool is opened. */
    public static void prepare() {
        RecoveryManager.delayRecoveryManagerThread();
        prepared = new NarayanaRecovery(RecoveryManager.manager(RecoveryManager.INDIRECT_MANAGEMENT));
    }

    /** When the resources are there. */
    public static void start() {
        NarayanaRecovery recovery = prepared;
        if (recovery == null) {
            throw new IllegalStateException("not prepared");
        }
        recovery.manager.startRecoveryManagerThread();
    }

    /** Where pools register; none in processes without recovery. */
    static @Nullable XAResourceRecoveryRegistry registry() {
        return prepared;
    }

    /** A resource that is no pool registers here. */
    public static void register(XAResourceRecoveryHelper helper) {
        XARecoveryModule.getRegisteredXARecoveryModule().addXAResourceRecoveryHelper(helper);
    }

    @Override
    public void addXAResourceRecovery(XAResourceRecovery recovery) {
        XAResourceRecoveryHelper helper = new Helper(recovery);
        helpers.put(recovery, helper);
        register(helper);
    }

    @Override
    public void removeXAResourceRecovery(XAResourceRecovery recovery) {
        XAResourceRecoveryHelper helper = helpers.remove(recovery);
        if (helper != null) {
            XARecoveryModule.getRegisteredXARecoveryModule().removeXAResourceRecoveryHelper(helper);
        }
    }

    /** The same thing under the name that Narayana has for it. */
    private record Helper(XAResourceRecovery recovery) implements XAResourceRecoveryHelper {

        @Override
        public boolean initialise(String properties) {
            return true;
        }

        @Override
        public XAResource[] getXAResources() {
            return recovery.getXAResources();
        }
    }
}
