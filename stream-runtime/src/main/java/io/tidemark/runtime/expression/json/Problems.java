package io.tidemark.runtime.expression.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/** What was wrong with a record, in words that hold nothing of its data. */
final class Problems {
    private Problems() {}

    static String describe(Exception e) {
        if (e instanceof FieldException || e instanceof PartialValueException) {
            return e.getMessage();
        } else if (e instanceof InputCoercionException) {
            return "a number is too large for its type";
        } else if (e instanceof StreamConstraintsException) {
            return "it is nested too deep, or a text or number in it is too long";
        } else if (e instanceof JsonProcessingException json && json.getLocation() != null) {
            return "it is not JSON from character " + (json.getLocation().getCharOffset() + 1) + " on";
        } else if (e instanceof NumberFormatException || e instanceof ArithmeticException) {
            return "a text cannot be read as a number";
        }
        return "a value cannot be read (" + e.getClass().getSimpleName() + ")";
    }

    /** @param field a name from the schema, not from the record */
    static String inField(String field, Exception e) {
        return "field '" + field + "': " + describe(e);
    }

    static String kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction or exponent";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            default -> "something else";
        };
    }
}
