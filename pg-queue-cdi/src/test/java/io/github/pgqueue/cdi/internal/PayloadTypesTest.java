package io.github.pgqueue.cdi.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Types are seen as the bean class sees them, and compare by what they are. */
class PayloadTypesTest {

    /** A superclass with open types. */
    abstract static class Base<T, U> {
        abstract T variable();

        abstract List<T> list();

        abstract Map<String, List<U>> nested();

        abstract List<T>[] genericArray();

        abstract T[] array();

        abstract List<?> wildcard();

        abstract int primitive();
    }

    abstract static class Middle<V> extends Base<V, Set<V>> {}

    abstract static class Bean extends Middle<Integer> {}

    /** What the compiler makes of the same types. */
    abstract static class Written {
        abstract List<Integer> list();

        abstract Map<String, List<Set<Integer>>> nested();

        abstract List<Integer>[] genericArray();
    }

    @Test
    void resolve_variablesOfSuperclasses_areReplaced() throws Exception {
        assertThat(resolved("variable")).isEqualTo(Integer.class);
        assertThat(resolved("array")).isEqualTo(Integer[].class);
        assertThat(resolved("primitive")).isEqualTo(Integer.class);
        assertThat(resolved("list").getTypeName()).isEqualTo("java.util.List<java.lang.Integer>");
    }

    @Test
    void resolve_genericTypes_equalWhatTheCompilerWrites() throws Exception {
        for (String method : List.of("list", "nested", "genericArray")) {
            Type written = Written.class.getDeclaredMethod(method).getGenericReturnType();

            assertThat(resolved(method)).isEqualTo(written).hasSameHashCodeAs(written);
            assertThat(written).isEqualTo(resolved(method));
        }
    }

    @Test
    void isConcrete_openTypes_areNot() throws Exception {
        assertThat(PayloadTypes.isConcrete(resolved("nested"))).isTrue();
        assertThat(PayloadTypes.isConcrete(resolved("genericArray"))).isTrue();
        assertThat(PayloadTypes.isConcrete(resolved("wildcard"))).isFalse();
        assertThat(PayloadTypes.isConcrete(
                        Base.class.getDeclaredMethod("genericArray").getGenericReturnType()))
                .isFalse();
    }

    private static Type resolved(String method) throws Exception {
        return PayloadTypes.resolve(Base.class.getDeclaredMethod(method).getGenericReturnType(), Bean.class);
    }
}
