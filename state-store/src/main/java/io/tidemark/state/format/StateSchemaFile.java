package io.tidemark.state.format;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.types.StructType;
import io.tidemark.state.KeyEncoding;
import io.tidemark.state.StateStoreId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The schema of a store's keys and values. It stands under partition 0 alone and is never rewritten.
 *
 * <pre>
 * v1 = UTF "v1", UTF keySchema, UTF valueSchema                                 (read)
 * v2 = UTF "v2", text keySchema, text valueSchema                               (read and written)
 * v3 = UTF "v3", i32be n, n * (UTF family, i16be keyId, text keySchema, i16be valueId, text valueSchema,
 *                              text encoderSpec, text userKeySchema | "{    }")   (read)
 * text = i32be chunks, chunks * UTF of at most 65535 chars
 * </pre>
 *
 * @param version 1 to 3
 * @param families one, called {@code default}, in versions 1 and 2
 */
public record StateSchemaFile(int version, List<Family> families) {
    private static final int CHUNK = 65_535; // bytes a UTF can hold

    public StateSchemaFile {
        families = List.copyOf(families);
    }

    /**
     * A column family, or the store that has none.
     *
     * @param encoding of its keys; plain where the file does not say
     */
    public record Family(String name, StructType keySchema, StructType valueSchema, KeyEncoding encoding) {}

    /** A schema in version 2 of a store without column families. */
    public static StateSchemaFile of(StructType keySchema, StructType valueSchema) {
        return new StateSchemaFile(
                2, List.of(new Family(StateStoreId.DEFAULT, keySchema, valueSchema, new KeyEncoding.Plain())));
    }

    /** Returns the path, below the checkpoint, of the schema of a store: the partition of {@code id} does not matter. */
    public static String path(StateStoreId id) {
        return new StateStoreId(id.operatorId(), 0, id.name()).directory() + "/_metadata/schema";
    }

    /**
     * Returns the bytes in version 2: every field nullable at every level, no metadata, so that Spark takes them whatever
     * its optimizer makes of nullability.
     */
    public byte[] encode() {
        if (families.size() != 1 || version != 2) {
            throw new IllegalArgumentException("schemas are written in version 2, of one family");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            DataOutputStream data = new DataOutputStream(out);
            data.writeUTF("v2");
            writeText(data, SchemaJson.write(families.get(0).keySchema()));
            writeText(data, SchemaJson.write(families.get(0).valueSchema()));
        } catch (IOException e) {
            throw new IllegalArgumentException("a schema does not fit its file: " + e.getMessage(), e);
        }
        return out.toByteArray();
    }

    /**
     * Returns the schema in {@code content}.
     *
     * @param file its name, for errors
     */
    public static StateSchemaFile decode(String file, byte[] content) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(content);
        DataInputStream data = new DataInputStream(bytes);
        try {
            String version = data.readUTF();
            StateSchemaFile schema =
                    switch (version) {
                        case "v1" -> single(1, file, data.readUTF(), data.readUTF());
                        case "v2" -> single(2, file, readText(file, data), readText(file, data));
                        case "v3" -> new StateSchemaFile(3, families(file, data));
                        default ->
                            throw version.matches("v[0-9]+")
                                    ? StateFileException.unsupported(
                                            file, "it is a schema of version " + version, "Versions 1 to 3 are read.")
                                    : StateFileException.corrupt(file, "it begins with no version");
                    };
            if (bytes.available() > 0) {
                throw StateFileException.corruptAt(
                        file, content.length - bytes.available(), "something stands after its end");
            }
            return schema;
        } catch (EOFException | UTFDataFormatException e) {
            throw StateFileException.corruptAt(
                    file, content.length - bytes.available(), "it ends too early or is no text");
        } catch (IOException e) {
            throw StateFileException.corrupt(file, "it cannot be read", e);
        }
    }

    /**
     * Reads the schema of a store, or empty if the checkpoint has none.
     *
     * @param root of the checkpoint
     */
    public static Optional<StateSchemaFile> read(Storage storage, String root, StateStoreId id) {
        String file = path(id);
        return HadoopChecksumFile.read(storage, root, file).map(content -> decode(file, content));
    }

    /**
     * Stores the schema of a store if the checkpoint has none; one that is there stays as it is. On local disk it gets the
     * checksum that Hadoop would give it.
     */
    public void createIfAbsent(Storage storage, String root, StateStoreId id) {
        create(storage, root, path(id), encode());
    }

    static void create(Storage storage, String root, String file, byte[] content) {
        try {
            storage.createExclusive(root + "/" + file, content);
            if (root.startsWith("/")) {
                storage.replace(root + "/" + HadoopChecksumFile.path(file), HadoopChecksumFile.encode(content));
            }
        } catch (FileAlreadyExistsException e) {
            return; // written once
        } catch (IOException e) {
            throw StateFileException.storage("create", file, e);
        }
    }

    private static StateSchemaFile single(int version, String file, String key, String value) {
        Family family = new Family(
                StateStoreId.DEFAULT,
                SchemaJson.parse(file, key),
                SchemaJson.parse(file, value),
                new KeyEncoding.Plain());
        return new StateSchemaFile(version, List.of(family));
    }

    private static List<Family> families(String file, DataInputStream data) throws IOException {
        int count = data.readInt();
        List<Family> families = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = data.readUTF();
            data.readShort();
            StructType key = SchemaJson.parse(file, readText(file, data));
            data.readShort();
            StructType value = SchemaJson.parse(file, readText(file, data));
            KeyEncoding encoding = EncoderSpec.parse(file, readText(file, data));
            readText(file, data); // the user's key, which is part of the key's schema
            families.add(new Family(name, key, value, encoding));
        }
        return families;
    }

    /** Cuts where Spark cuts, and before that where the next char would not fit the bytes of a UTF. */
    private static void writeText(DataOutputStream data, String text) throws IOException {
        List<String> chunks = new ArrayList<>();
        int start = 0;
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int length = c >= 1 && c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            if (bytes + length > CHUNK) {
                chunks.add(text.substring(start, i));
                start = i;
                bytes = 0;
            }
            bytes += length;
        }
        chunks.add(text.substring(start));
        data.writeInt(chunks.size());
        for (String chunk : chunks) {
            data.writeUTF(chunk);
        }
    }

    private static String readText(String file, DataInputStream data) throws IOException {
        int chunks = data.readInt();
        if (chunks < 0 || chunks > data.available() / 2) {
            throw StateFileException.corrupt(file, "a text in it has " + chunks + " parts");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < chunks; i++) {
            text.append(data.readUTF());
        }
        return text.toString();
    }
}
