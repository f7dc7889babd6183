package io.github.pgqueue.jcache.annotation.cdi;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Added to the methods whose calls are intercepted; nobody writes it. Public for the proxies of it that containers make
 * which add annotations by their class.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface CachingBinding {

    /** The annotation as an object. */
    final class Literal extends AnnotationLiteral<CachingBinding> implements CachingBinding {
        /** It has no members, so that one is enough. */
        public static final Literal INSTANCE = new Literal();

        private static final long serialVersionUID = 1L;
    }
}
