package io.github.pgqueue.shop.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what a browser sends: one JSON object of a modest size. */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
public class JsonReader implements MessageBodyReader<JsonInput> {

    private static final int MAX_BYTES = 16_384;

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == JsonInput.class;
    }

    @Override
    public JsonInput readFrom(
            Class<JsonInput> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream in)
            throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new BadInputException("The body is longer than " + MAX_BYTES + " bytes; send one JSON object.");
        }
        if (bytes.length == 0) {
            return JsonInput.required(null);
        }
        JsonNode body = parse(bytes);
        if (!body.isObject()) {
            throw new BadInputException("The body is not a JSON object; send one such as {\"sku\": \"TEA\"}.");
        }
        return new JsonInput(body);
    }

    private static JsonNode parse(byte[] bytes) throws IOException {
        try {
            return Json.read(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new BadInputException("The body is not UTF-8; send JSON in UTF-8.");
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw new BadInputException(
                    "The body is not JSON" + place + "; send one object such as {\"sku\": \"TEA\"}.");
        }
    }
}
