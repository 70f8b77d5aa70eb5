package io.tidemark.ops.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** How a drawn query ended, as both probes say it. */
enum Outcome {
    RAN,
    REFUSED,
    FAILED;

    static Outcome of(JsonNode said) {
        return said.has("refused") ? REFUSED : said.has("error") ? FAILED : RAN;
    }

    static String reason(JsonNode said) {
        return said.path(said.has("refused") ? "refused" : "error")
                .asText()
                .lines()
                .findFirst()
                .orElse("");
    }

    /** Whether both ended alike with the same rows and state up to there; the texts of refusals and failures differ. */
    static boolean same(JsonNode theirs, JsonNode ours) {
        if (of(theirs) != of(ours) || ours.has("bug")) {
            return false;
        }
        return of(theirs) == REFUSED || withoutReason(theirs).equals(withoutReason(ours));
    }

    private static JsonNode withoutReason(JsonNode said) {
        ObjectNode copy = said.deepCopy();
        copy.remove("error");
        return copy;
    }

    /** Whether an operator removed rows of its state. */
    static boolean letsGoOfState(JsonNode said) {
        for (JsonNode step : said.path("steps")) {
            for (JsonNode operator : step.path("state")) {
                if (operator.path("removed").asLong() > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    static boolean hasRows(JsonNode said) {
        for (JsonNode step : said.path("steps")) {
            for (JsonNode batch : step) {
                if (batch.isArray() && !batch.isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The query and the first of its steps that differs; its rows are drawn again by its seed. */
    static String difference(JsonNode spec, JsonNode theirs, JsonNode ours) {
        String what = spec.path("name").asText() + " (" + spec.path("mode").asText() + ") " + spec.path("views") + " "
                + spec.path("sql").asText() + " " + spec.path("conf");
        for (int step = 0; step < theirs.path("steps").size(); step++) {
            JsonNode their = theirs.path("steps").path(step);
            JsonNode our = ours.path("steps").path(step);
            if (!their.equals(our)) {
                return what + "\n   in step " + step + " of " + restarts(spec) + "\n   Spark:    " + their
                        + "\n   Tidemark: " + (our.isMissingNode() ? ours : our);
            }
        }
        return what + "\n   Spark:    " + end(theirs) + "\n   Tidemark: " + end(ours);
    }

    private static String end(JsonNode said) {
        return of(said) == RAN && !said.has("bug") ? said.path("type") + " " + said.path("kept") : said.toString();
    }

    private static List<String> restarts(JsonNode spec) {
        List<String> steps = new ArrayList<>();
        spec.path("steps")
                .forEach(step -> steps.add(
                        (step.path("restart").asBoolean() ? step.path("again").asBoolean() ? "again+" : "restart+" : "")
                                + step.path("blocks").size()));
        return steps;
    }
}
