package io.github.pgqueue.it.support;

import java.io.IOException;
import java.io.InputStream;

/** Loads the library and its tests anew, in a world where another library is missing. */
public final class LoaderWithout extends ClassLoader {

    private final String missing;

    /**
     * A world without some packages.
     *
     * @param missing how their names begin
     */
    public LoaderWithout(String missing) {
        super(LoaderWithout.class.getClassLoader());
        this.missing = missing;
    }

    /** An object of the class as it is in that world. */
    public <T> T create(Class<? extends T> type) {
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
        if (name.startsWith(missing)) {
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
