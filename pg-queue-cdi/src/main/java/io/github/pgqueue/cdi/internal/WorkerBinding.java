package io.github.pgqueue.cdi.internal;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Binds {@link WorkerInterceptor}; the extension adds it to every method with {@code @PgWorker}. */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@interface WorkerBinding {

    /** The annotation itself. */
    final class Literal extends AnnotationLiteral<WorkerBinding> implements WorkerBinding {

        static final Literal INSTANCE = new Literal();

        private static final long serialVersionUID = 1L;
    }
}
