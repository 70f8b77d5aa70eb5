package io.tidemark.connectors.delta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON trees from and to one line of text, of bounded depth. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /** @throws IllegalArgumentException if there is no such member or it is no text */
    static String text(JsonNode json, String member) {
        JsonNode value = json.required(member);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("'" + member + "' is no text");
        }
        return value.textValue();
    }

    /** @throws IllegalArgumentException if there is no such member or it is no whole number of 64 bits */
    static long number(JsonNode json, String member) {
        JsonNode value = json.required(member);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("'" + member + "' is no whole number");
        }
        return value.longValue();
    }

    static String line(JsonNode node) {
        return node.toString();
    }
}
