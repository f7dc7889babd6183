package fish.payara.cdi.jsr107;

import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import javax.cache.annotation.CacheResult;

/** Answers every call itself. */
@Interceptor
@CacheResult
@Priority(Interceptor.Priority.PLATFORM_AFTER)
public class CacheResultInterceptor {

    /** Bound as the server does it: before any application's extension sees it. */
    public static final class Binding implements Extension {

        void bind(@Observes BeforeBeanDiscovery event, BeanManager beans) {
            event.configureInterceptorBinding(CacheResult.class)
                    .methods()
                    .forEach(member -> member.add(Nonbinding.Literal.INSTANCE));
            event.addAnnotatedType(beans.createAnnotatedType(CacheResultInterceptor.class), "of the server");
        }
    }

    @AroundInvoke
    public Object answer(InvocationContext invocation) {
        return "the server's " + invocation.getMethod().getName();
    }
}
