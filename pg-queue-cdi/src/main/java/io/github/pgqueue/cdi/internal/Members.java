package io.github.pgqueue.cdi.internal;

import jakarta.enterprise.inject.spi.AnnotatedParameter;
import jakarta.enterprise.inject.spi.InjectionPoint;
import java.lang.reflect.Constructor;
import java.lang.reflect.Member;
import org.jspecify.annotations.Nullable;

/** Members as messages name them. */
final class Members {

    private Members() {}

    static String name(Member member) {
        String type = member.getDeclaringClass().getTypeName();
        return member instanceof Constructor<?> ? "the constructor of " + type : type + "." + member.getName();
    }

    static String name(InjectionPoint point) {
        @Nullable Member member = point.getMember();
        if (member == null) {
            return "an injection point of the container";
        }
        return point.getAnnotated() instanceof AnnotatedParameter<?> parameter ? name(parameter) : name(member);
    }

    static String name(AnnotatedParameter<?> parameter) {
        return "parameter " + (parameter.getPosition() + 1) + " of "
                + name(parameter.getDeclaringCallable().getJavaMember());
    }
}
