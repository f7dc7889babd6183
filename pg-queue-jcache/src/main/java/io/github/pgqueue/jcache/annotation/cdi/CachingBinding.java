package io.github.pgqueue.jcache.annotation.cdi;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Added to the methods whose calls are intercepted; nobody writes it. */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@interface CachingBinding {

    final class Literal extends AnnotationLiteral<CachingBinding> implements CachingBinding {
        static final Literal INSTANCE = new Literal();
        private static final long serialVersionUID = 1L;
    }
}
