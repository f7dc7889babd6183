package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.jcache.annotation.CallerTransactions;

/** Looks for JTA, whose API need not be there. */
final class JtaLookup {

    private JtaLookup() {}

    static CallerTransactions find(Beans beans) {
        try {
            return JtaCallerTransactions.find(beans);
        } catch (NoClassDefFoundError e) {
            return CallerTransactions.NONE;
        }
    }
}
