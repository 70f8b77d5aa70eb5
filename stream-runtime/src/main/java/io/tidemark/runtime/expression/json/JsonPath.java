package io.tidemark.runtime.expression.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path into JSON text as {@code get_json_object} takes it: {@code $}, then members ({@code .name}, {@code ['name']}),
 * elements ({@code [2]}) and all elements ({@code [*]}). Other forms find nothing, as in Spark.
 */
final class JsonPath {
    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = steps;
    }

    private sealed interface Step {}

    private record Member(String name) implements Step {}

    private record Element(long index) implements Step {}

    private record AllElements() implements Step {}

    /** Returns the path, or null if the text is none. */
    static @Nullable JsonPath parse(String text) {
        if (!text.startsWith("$")) {
            return null;
        }
        List<Step> steps = new ArrayList<>();
        int at = 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end;
            if (c == '.') {
                end = at + 1;
                while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
                    end++;
                }
                String name = text.substring(at + 1, end);
                if (name.isEmpty() || name.equals("*")) {
                    return null;
                }
                steps.add(new Member(name));
            } else if (text.startsWith("['", at)) {
                int close = text.indexOf("']", at + 2);
                if (close <= at + 2 || text.substring(at + 2, close).equals("*")) {
                    return null;
                }
                steps.add(new Member(text.substring(at + 2, close)));
                end = close + 2;
            } else if (c == '[') {
                int close = text.indexOf(']', at);
                Step step = close < 0 ? null : subscript(text.substring(at + 1, close));
                if (step == null) {
                    return null;
                }
                steps.add(step);
                end = close + 1;
            } else {
                return null;
            }
            at = end;
        }
        return new JsonPath(List.copyOf(steps));
    }

    private static @Nullable Step subscript(String text) {
        if (text.equals("*")) {
            return new AllElements();
        }
        boolean number = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? new Element(Long.parseLong(text)) : null;
    }

    /** Returns what the path finds: a string without its quotes, anything else as JSON; null if there is nothing. */
    @Nullable
    String find(String json, JsonFactory factory) {
        try (JsonParser parser = factory.createParser(json)) {
            if (parser.nextToken() == null) {
                return null;
            }
            return find(parser, 0, factory, Quotes.LEFT_OUT);
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("reading text in memory cannot fail", e);
        }
    }

    /** How strings are shown: inside an array they keep their quotes; two stars in a row melt arrays into one. */
    private enum Quotes {
        LEFT_OUT,
        KEPT,
        KEPT_AND_FLAT
    }

    private @Nullable String find(JsonParser parser, int step, JsonFactory factory, Quotes quotes) throws IOException {
        JsonToken token = parser.currentToken();
        if (step == steps.size()) {
            if (token == JsonToken.VALUE_STRING && quotes == Quotes.LEFT_OUT) {
                return parser.getText();
            } else if (token == JsonToken.START_ARRAY && quotes == Quotes.KEPT_AND_FLAT) {
                List<String> found = elements(parser, step, factory, quotes);
                return found.isEmpty() ? null : String.join(",", found);
            }
            return copy(parser, factory);
        }
        Step next = steps.get(step);
        if (next instanceof Member member && token == JsonToken.START_OBJECT) {
            return member(parser, member, step, factory, quotes);
        } else if (next instanceof Element element && token == JsonToken.START_ARRAY) {
            boolean starBehind = step + 1 < steps.size() && steps.get(step + 1) instanceof AllElements;
            return element(parser, element, step, factory, starBehind ? Quotes.KEPT : quotes);
        } else if (next instanceof AllElements && token == JsonToken.START_ARRAY) {
            return allElements(parser, step, factory, quotes);
        }
        parser.skipChildren();
        return null;
    }

    private static String copy(JsonParser parser, JsonFactory factory) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = factory.createGenerator(out)) {
            generator.copyCurrentStructure(parser);
        }
        return out.toString();
    }

    /** The first member of the name that leads to something counts; the rest is read to see that it is JSON. */
    private @Nullable String member(JsonParser parser, Member member, int step, JsonFactory factory, Quotes quotes)
            throws IOException {
        String found = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean wanted = found == null && member.name().equals(parser.currentName());
            JsonToken value = parser.nextToken();
            if (wanted && value != JsonToken.VALUE_NULL) {
                found = find(parser, step + 1, factory, quotes);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private @Nullable String element(JsonParser parser, Element element, int step, JsonFactory factory, Quotes quotes)
            throws IOException {
        String found = null;
        for (long i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == element.index()) {
                found = find(parser, step + 1, factory, quotes);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private @Nullable String allElements(JsonParser parser, int step, JsonFactory factory, Quotes quotes)
            throws IOException {
        boolean twice = step + 1 < steps.size() && steps.get(step + 1) instanceof AllElements;
        if (twice) {
            List<String> found = elements(parser, step + 2, factory, Quotes.KEPT_AND_FLAT);
            return found.isEmpty() ? null : "[" + String.join(",", found) + "]";
        }
        if (quotes == Quotes.KEPT) {
            List<String> found = elements(parser, step + 1, factory, Quotes.KEPT);
            return found.isEmpty() ? null : "[" + String.join(",", found) + "]";
        }
        Quotes inside = quotes == Quotes.LEFT_OUT ? Quotes.KEPT : quotes;
        List<String> found = elements(parser, step + 1, factory, inside);
        return switch (found.size()) {
            case 0 -> null;
            case 1 -> found.get(0);
            default -> "[" + String.join(",", found) + "]";
        };
    }

    private List<String> elements(JsonParser parser, int step, JsonFactory factory, Quotes quotes) throws IOException {
        List<String> found = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String one = find(parser, step, factory, quotes);
            if (one != null) {
                found.add(one);
            }
        }
        return found;
    }
}
