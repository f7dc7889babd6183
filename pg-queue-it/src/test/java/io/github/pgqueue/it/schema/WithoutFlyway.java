package io.github.pgqueue.it.schema;

import java.io.IOException;
import java.io.InputStream;

/** Loads the library and its tests anew, in a world where there is no Flyway. */
final class WithoutFlyway extends ClassLoader {

    WithoutFlyway() {
        super(WithoutFlyway.class.getClassLoader());
    }

    /** An object of the class as it is in that world. */
    <T> T create(Class<? extends T> type) {
        try {
            @SuppressWarnings("unchecked") // its supertypes of the JDK are the same in both worlds
            T created = (T) loadClass(type.getName()).getConstructor().newInstance();
            return created;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("org.flywaydb.")) {
            throw new ClassNotFoundException(name);
        }
        if (!name.startsWith("io.github.pgqueue.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = file.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
