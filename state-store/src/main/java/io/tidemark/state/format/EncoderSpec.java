package io.tidemark.state.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.state.KeyEncoding;
import java.util.ArrayList;
import java.util.List;

/** How a schema file of version 3 names the encoding of keys. */
final class EncoderSpec {
    private EncoderSpec() {}

    static KeyEncoding parse(String file, String text) {
        JsonNode json = StateJson.parse(file, text);
        String type = json.path("keyStateEncoderType").asText();
        switch (type) {
            case "NoPrefixKeyStateEncoderSpec":
                return new KeyEncoding.Plain();
            case "PrefixKeyScanStateEncoderSpec":
                if (json.path("numColsPrefixKey").asInt() > 0) {
                    return new KeyEncoding.PrefixScan(
                            json.path("numColsPrefixKey").asInt());
                }
                break;
            case "RangeKeyScanStateEncoderSpec":
                List<Integer> ordinals = new ArrayList<>();
                json.path("orderingOrdinals").forEach(ordinal -> ordinals.add(ordinal.asInt(-1)));
                if (!ordinals.isEmpty() && ordinals.stream().allMatch(ordinal -> ordinal >= 0)) {
                    return new KeyEncoding.RangeScan(ordinals);
                }
                break;
            default:
                throw StateFileException.unsupported(
                        file, "its keys are encoded as '" + type + "'", "Let the engine that wrote it go on.");
        }
        throw StateFileException.corrupt(file, "the encoding of its keys is incomplete: " + json);
    }
}
