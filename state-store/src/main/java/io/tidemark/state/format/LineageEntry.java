package io.tidemark.state.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A version a changelog stands on, in checkpoint format 2.
 *
 * @param version its number
 * @param uniqueId which of the files of that number make it up
 */
public record LineageEntry(long version, String uniqueId) {
    static String toJson(List<LineageEntry> lineage) {
        ArrayNode list = StateJson.MAPPER.createArrayNode();
        for (LineageEntry entry : lineage) {
            list.addObject().put("version", entry.version()).put("checkpointUniqueId", entry.uniqueId());
        }
        return list.toString();
    }

    static List<LineageEntry> fromJson(String file, String text) {
        JsonNode list = StateJson.parse(file, text);
        List<LineageEntry> lineage = new ArrayList<>();
        for (JsonNode entry : list) {
            JsonNode id = entry.path("checkpointUniqueId");
            if (!entry.path("version").isIntegralNumber()
                    || !entry.path("version").canConvertToLong()
                    || !id.isTextual()) {
                throw StateFileException.corrupt(file, "its lineage is not a list of versions and ids");
            }
            lineage.add(new LineageEntry(entry.path("version").longValue(), id.textValue()));
        }
        if (!list.isArray()) {
            throw StateFileException.corrupt(file, "its lineage is not a list of versions and ids");
        }
        return List.copyOf(lineage);
    }
}
