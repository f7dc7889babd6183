package io.github.pgqueue.cdi.jackson;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.pgqueue.spi.PayloadCodec;
import io.github.pgqueue.spi.jackson.JacksonPayloadCodec;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;

/** The payload codec on the mapper of the application, or on the library's own. */
public final class ApplicationMapper {

    private ApplicationMapper() {}

    /** Takes the application's {@code ObjectMapper} bean as it is, if there is one without a qualifier. */
    public static PayloadCodec codec(BeanManager beans) {
        Instance<ObjectMapper> mapper = beans.createInstance().select(ObjectMapper.class);
        return mapper.isResolvable() ? new JacksonPayloadCodec(mapper.get()) : new JacksonPayloadCodec();
    }
}
