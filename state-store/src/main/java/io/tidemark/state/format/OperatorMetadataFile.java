package io.tidemark.state.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a stateful operator keeps: {@code vN LF json}, no end of line.
 *
 * <pre>
 * state/OP/_metadata/metadata      version 1                          read and written
 * state/OP/_metadata/v2/BATCH      version 2, from that batch on      read
 * </pre>
 *
 * @param operatorId counted from the sink
 * @param operatorName Spark's, for instance {@code stateStoreSave}
 * @param propertiesJson of version 2, else null
 */
public record OperatorMetadataFile(
        int version, long operatorId, String operatorName, List<StoreInfo> stores, @Nullable String propertiesJson) {
    public OperatorMetadataFile {
        stores = List.copyOf(stores);
    }

    /** Metadata of version 1. */
    public OperatorMetadataFile(long operatorId, String operatorName, List<StoreInfo> stores) {
        this(1, operatorId, operatorName, stores, null);
    }

    /**
     * One of the operator's stores.
     *
     * @param prefixColumns how many key columns stand in front for scans; 0 for plain keys
     * @param partitions of the query, also where the operator uses one alone
     * @param schemaFiles of version 2: absolute paths at the time of writing
     */
    public record StoreInfo(String name, int prefixColumns, int partitions, List<String> schemaFiles) {
        public StoreInfo {
            schemaFiles = List.copyOf(schemaFiles);
        }

        public StoreInfo(String name, int prefixColumns, int partitions) {
            this(name, prefixColumns, partitions, List.of());
        }
    }

    /** Returns the path of version 1, below the checkpoint. */
    public static String path(long operatorId) {
        return "state/" + operatorId + "/_metadata/metadata";
    }

    /** Returns the bytes of version 1. */
    public byte[] encode() {
        ObjectNode json = StateJson.MAPPER.createObjectNode();
        json.putObject("operatorInfo").put("operatorId", operatorId).put("operatorName", operatorName);
        ArrayNode list = json.putArray("stateStoreInfo");
        for (StoreInfo store : stores) {
            list.addObject()
                    .put("storeName", store.name())
                    .put("numColsPrefixKey", store.prefixColumns())
                    .put("numPartitions", store.partitions());
        }
        return ("v1\n" + json).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns the metadata in {@code content}.
     *
     * @param file its name, for errors
     */
    public static OperatorMetadataFile decode(String file, byte[] content) {
        String text = StateJson.text(file, content);
        int end = text.indexOf('\n');
        String version = end < 0 ? text : text.substring(0, end);
        if (!version.equals("v1") && !version.equals("v2")) {
            throw version.matches("v[0-9]+")
                    ? StateFileException.unsupported(
                            file, "it is operator metadata of version " + version, "Versions 1 and 2 are read.")
                    : StateFileException.corrupt(file, "it begins with no version");
        }
        JsonNode json = StateJson.parse(file, text.substring(end + 1));
        JsonNode operator = json.path("operatorInfo");
        if (!operator.path("operatorId").isIntegralNumber()
                || !operator.path("operatorId").canConvertToLong()
                || !operator.path("operatorName").isTextual()
                || !json.path("stateStoreInfo").isArray()) {
            throw StateFileException.corrupt(file, "it names no operator or no stores");
        }
        List<StoreInfo> stores = new ArrayList<>();
        for (JsonNode store : json.path("stateStoreInfo")) {
            if (!store.path("storeName").isTextual()
                    || !isName(store.path("storeName").textValue())
                    || !store.path("numPartitions").isInt()
                    || !(store.path("numColsPrefixKey").isMissingNode()
                            || store.path("numColsPrefixKey").isInt())) {
                throw StateFileException.corrupt(file, "one of its stores has no name or no partitions");
            }
            List<String> schemas = new ArrayList<>();
            store.path("stateSchemaFilePaths").forEach(path -> schemas.add(path.asText()));
            if (store.path("stateSchemaFilePath").isTextual()) {
                schemas.add(store.path("stateSchemaFilePath").textValue()); // before Spark 4.0.0 was final
            }
            stores.add(new StoreInfo(
                    store.path("storeName").textValue(),
                    store.path("numColsPrefixKey").intValue(),
                    store.path("numPartitions").intValue(),
                    schemas));
        }
        return new OperatorMetadataFile(
                version.equals("v1") ? 1 : 2,
                operator.path("operatorId").longValue(),
                operator.path("operatorName").textValue(),
                stores,
                json.path("operatorPropertiesJson").textValue());
    }

    /** A store's name is the name of its folder. */
    private static boolean isName(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().allMatch(c -> c > ' ' && c != '/' && c != '\\' && c != 127);
    }

    /**
     * Reads an operator's metadata as of a batch: version 2 of the newest batch up to it, else version 1, else empty.
     *
     * @param root of the checkpoint
     */
    public static Optional<OperatorMetadataFile> read(Storage storage, String root, long operatorId, long batchId) {
        String directory = "state/" + operatorId + "/_metadata/v2";
        long newest = -1;
        try {
            for (FileStatus file : storage.list(root + "/" + directory)) {
                if (file.name().matches("[0-9]{1,18}") && Long.parseLong(file.name()) <= batchId) {
                    newest = Math.max(newest, Long.parseLong(file.name()));
                }
            }
        } catch (IOException e) {
            throw StateFileException.storage("list", directory, e);
        }
        String file = newest >= 0 ? directory + "/" + newest : path(operatorId);
        Optional<OperatorMetadataFile> metadata =
                HadoopChecksumFile.read(storage, root, file).map(content -> decode(file, content));
        metadata.ifPresent(found -> {
            if (found.operatorId() != operatorId) {
                throw StateFileException.corrupt(file, "it belongs to operator " + found.operatorId());
            }
        });
        return metadata;
    }

    /** Stores version 1 if the operator has none; one that is there stays as it is. */
    public void createIfAbsent(Storage storage, String root) {
        StateSchemaFile.create(storage, root, path(operatorId), encode());
    }

    /**
     * Returns the schema of a store as of version 2. The paths in it are absolute, so a checkpoint that was moved is looked
     * into first: by the file's name, under the operator's own {@code _stateSchema}.
     *
     * @return empty if the metadata names none
     * @throws StateFileException {@code STATE_FILE_MISSING} if it is in neither place
     */
    public Optional<StateSchemaFile> schema(Storage storage, String root, StoreInfo store) {
        if (store.schemaFiles().isEmpty()) {
            return Optional.empty();
        }
        String named = store.schemaFiles().get(store.schemaFiles().size() - 1);
        String file = "state/" + operatorId + "/_stateSchema/" + store.name() + "/"
                + named.substring(named.lastIndexOf('/') + 1);
        Optional<byte[]> content = HadoopChecksumFile.read(storage, root, file);
        if (content.isEmpty()) {
            try {
                content = storage.read(storage.qualify(named));
            } catch (IOException | RuntimeException e) {
                content = Optional.empty(); // a place of another storage
            }
        }
        return Optional.of(StateSchemaFile.decode(
                file, content.orElseThrow(() -> StateFileException.missing(file, "operator " + operatorId))));
    }
}
