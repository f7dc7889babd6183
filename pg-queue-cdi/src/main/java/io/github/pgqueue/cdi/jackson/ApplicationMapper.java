package io.github.pgqueue.cdi.jackson;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.pgqueue.spi.PayloadCodec;
import io.github.pgqueue.spi.jackson.JacksonPayloadCodec;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.List;

/** The payload codec on the mapper of the application, or on the library's own. */
public final class ApplicationMapper {

    private ApplicationMapper() {}

    /** Takes the application's {@code ObjectMapper} bean as it is, if one of the managers knows one without a qualifier. */
    public static PayloadCodec codec(List<BeanManager> managers) {
        return managers.stream()
                .map(manager -> manager.createInstance().select(ObjectMapper.class))
                .filter(Instance::isResolvable)
                .findFirst()
                .map(mapper -> new JacksonPayloadCodec(mapper.get()))
                .orElseGet(JacksonPayloadCodec::new);
    }
}
