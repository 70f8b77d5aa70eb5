package io.tidemark.state;

import io.tidemark.api.storage.Storage;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * What a provider of stores works with.
 *
 * @param storage of the checkpoint
 * @param root the checkpoint, as {@link Storage#qualify} gives it
 * @param localDirectory a directory of this process alone for working files; a cache, made and removed by the provider
 * @param conf the session's settings with those of the offset log on top: compression codec, table format version …
 */
public record StateStoresContext(Storage storage, String root, Path localDirectory, SortedMap<String, String> conf) {}
