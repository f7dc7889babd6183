package io.github.pgqueue.it.jcache.annotation;

import jakarta.enterprise.context.ApplicationScoped;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheResult;

/** What annotations mean on classes, superclasses, interfaces, and generic methods. */
final class Inheritance {

    private Inheritance() {}

    /** On the class: for every method that says nothing else. */
    @ApplicationScoped
    @CacheResult(cacheName = "whole class")
    static class Annotated extends Counting {

        String find(String item) {
            return ran(item);
        }

        @CacheRemove(cacheName = "whole class")
        void remove(String item) {
            ran(item);
        }
    }

    static class Parent extends Counting {

        @CacheResult
        String inherited(String item) {
            return ran(item);
        }

        @CacheResult
        String overridden(String item) {
            return ran(item);
        }
    }

    @ApplicationScoped
    static class Child extends Parent {

        @Override
        String overridden(String item) {
            return ran(item);
        }
    }

    @ApplicationScoped
    @CacheDefaults(cacheName = "of the child")
    static class NamingChild extends Parent {}

    @CacheDefaults(cacheName = "of the parent")
    static class NamingParent extends Counting {}

    @ApplicationScoped
    static class Named extends NamingParent {

        @CacheResult
        String find(String item) {
            return ran(item);
        }
    }

    interface Finder<T> {

        @CacheResult
        Object find(T item);

        @CacheResult
        String findUncached(T item);
    }

    /** The compiler adds a bridge for {@code find(Object)}, with the annotations of the method. */
    @ApplicationScoped
    static class Generic extends Counting implements Finder<String> {

        @Override
        @CacheResult
        public String find(String item) {
            return ran(item);
        }

        @Override
        public String findUncached(String item) {
            return ran(item);
        }
    }
}
