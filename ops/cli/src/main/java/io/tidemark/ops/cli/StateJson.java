package io.tidemark.ops.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.state.reader.StateInventory;

/** The state of a checkpoint as part of the report on it. */
final class StateJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private StateJson() {}

    /** Returns {@code report} with the members {@code state} and {@code stateProblems}. */
    static String add(String report, StateInventory inventory) {
        ObjectNode json;
        try {
            json = (ObjectNode) MAPPER.readTree(report);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the report is no JSON", e);
        }
        if (!inventory.problems().isEmpty()) {
            json.put("sound", false);
        }
        ArrayNode operators = json.putArray("state");
        for (StateInventory.Operator operator : inventory.operators()) {
            ObjectNode node = operators.addObject();
            node.put("operatorId", operator.id()).put("operatorName", operator.name());
            ArrayNode stores = node.putArray("stores");
            for (StateInventory.Store store : operator.stores()) {
                ObjectNode of = stores.addObject();
                of.put("name", store.name()).put("partitions", store.partitions());
                of.put("newestVersion", store.newest()).put("oldestVersion", store.oldest());
                ArrayNode snapshots = of.putArray("snapshots");
                store.snapshots().forEach(snapshots::add);
                of.put("files", store.files()).put("bytes", store.bytes());
            }
        }
        ArrayNode problems = json.putArray("stateProblems");
        inventory.problems().forEach(problem -> problems.addObject()
                .put("file", problem.file())
                .put("problem", problem.problem()));
        return json.toString();
    }
}
