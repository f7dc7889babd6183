package io.github.pgqueue.cdi.internal;

import java.util.List;
import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.naming.NoInitialContextException;

/** Looks up names where there is JNDI. */
@SuppressWarnings("BanJNDI") // the names are constants, or configured by whoever deploys
final class Jndi {

    private static final List<String> OF_APPLICATION = List.of("java:app/", "java:module/", "java:comp/");

    private Jndi() {}

    /** The object of that name, if there is one and it is of the type. */
    static <T> Optional<T> lookup(String name, Class<T> type) {
        try {
            Object found = new InitialContext().lookup(name);
            return type.isInstance(found) ? Optional.of(type.cast(found)) : Optional.empty();
        } catch (NamingException e) {
            return Optional.empty();
        }
    }

    /** Whether the name belongs to an application, so that a server may bind it later than the application starts. */
    static boolean isOfApplication(String name) {
        return OF_APPLICATION.stream().anyMatch(name::startsWith);
    }

    /** Whether there is a JNDI at all; in Java SE there is none. */
    static boolean available() {
        try {
            new InitialContext().lookup("");
            return true;
        } catch (NoInitialContextException e) {
            return false;
        } catch (NamingException e) {
            return true;
        }
    }
}
