package io.tidemark.state.reader;

import java.util.List;

/**
 * What state a checkpoint holds.
 *
 * @param operators ascending by id
 * @param problems what is missing or damaged
 */
public record StateInventory(List<Operator> operators, List<Problem> problems) {
    public StateInventory {
        operators = List.copyOf(operators);
        problems = List.copyOf(problems);
    }

    /**
     * A stateful operator.
     *
     * @param name empty if the checkpoint does not say
     */
    public record Operator(long id, String name, List<Store> stores) {
        public Operator {
            stores = List.copyOf(stores);
        }
    }

    /**
     * A store, all partitions together. Version n+1 is what batch n left.
     *
     * @param partitions how many hold state
     * @param newest the highest version of which there is a file; 0 if there is none
     * @param oldest the lowest version from which on, up to the committed one, every version can be had of every
     *     partition; -1 if the committed one cannot
     * @param snapshots versions of which every partition has a whole copy, ascending
     * @param files how many files there are, checksums not counted
     * @param bytes of those files
     */
    public record Store(
            String name, int partitions, long newest, long oldest, List<Long> snapshots, long files, long bytes) {
        public Store {
            snapshots = List.copyOf(snapshots);
        }
    }

    /**
     * Something that is wrong.
     *
     * @param file relative to the checkpoint
     * @param problem without a full stop
     */
    public record Problem(String file, String problem) {}

    /** How closely to look. */
    public enum Depth {
        /** At names and lengths, and what snapshots refer to. */
        NAMES,
        /** At every byte that has a checksum. */
        CONTENT
    }
}
