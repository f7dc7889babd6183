package io.github.pgqueue.cdi.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What an application threw, without the wrappers that reflection, proxies and futures put around it. */
final class Failures {

    /** By name, since the EJB API need not be there. */
    private static final Set<String> EJB_WRAPPERS = Set.of(
            "jakarta.ejb.EJBException",
            "jakarta.ejb.EJBTransactionRolledbackException",
            "jakarta.ejb.TransactionRolledbackLocalException");

    private Failures() {}

    /** Throws errors, returns exceptions. */
    static Exception unwrapped(Throwable thrown) {
        Throwable failure = thrown;
        while (failure.getCause() != null && isWrapper(failure)) {
            failure = failure.getCause();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof Exception exception ? exception : new UndeclaredThrowableException(failure);
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof InvocationTargetException
                || thrown instanceof UndeclaredThrowableException
                || thrown instanceof ExecutionException
                || thrown instanceof CompletionException
                || EJB_WRAPPERS.contains(thrown.getClass().getName());
    }
}
