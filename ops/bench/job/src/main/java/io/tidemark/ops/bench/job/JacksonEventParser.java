package io.tidemark.ops.bench.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The same fields by Jackson's streaming parser, which any JSON would do for. */
public final class JacksonEventParser implements EventParser {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private byte[] time = new byte[32];

    @Override
    public void parse(byte[] json, Event into) {
        into.clear();
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "event_id" -> into.eventId = parser.getLongValue();
                    case "amount" -> into.amount = parser.getDoubleValue();
                    case "user_id" -> {
                        into.user = text(parser, into.user);
                        into.userLength = parser.getTextLength();
                    }
                    case "page" -> {
                        into.page = text(parser, into.page);
                        into.pageLength = parser.getTextLength();
                    }
                    case "event_time" -> {
                        time = text(parser, time);
                        into.eventTime = IsoTime.micros(time, 0, parser.getTextLength());
                    }
                    default -> parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] text(JsonParser parser, byte[] into) throws IOException {
        char[] characters = parser.getTextCharacters();
        int length = parser.getTextLength();
        int offset = parser.getTextOffset();
        byte[] bytes = into.length >= length ? into : new byte[2 * length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) characters[offset + i];
        }
        return bytes;
    }
}
