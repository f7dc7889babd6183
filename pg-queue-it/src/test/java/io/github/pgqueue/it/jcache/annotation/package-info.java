/**
 * The caching annotations of JSR-107 on CDI beans: the annotation tests of the specification's kit, and every rule that
 * these leave out. {@code AnnotationRulesIT} has the rules, each of them also shown to fail without the interceptor.
 */
@NullMarked
package io.github.pgqueue.it.jcache.annotation;

import org.jspecify.annotations.NullMarked;
