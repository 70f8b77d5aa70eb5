package io.tidemark.state;

/**
 * One store: a partition of an operator's state.
 *
 * @param name {@value #DEFAULT} unless an operator keeps several stores
 */
public record StateStoreId(long operatorId, int partition, String name) implements Comparable<StateStoreId> {
    /** The name of an operator's only store; its directory has no level of its own. */
    public static final String DEFAULT = "default";

    public StateStoreId(long operatorId, int partition) {
        this(operatorId, partition, DEFAULT);
    }

    /** Returns the store's directory below the checkpoint: {@code state/<operator>/<partition>[/<name>]}. */
    public String directory() {
        String base = "state/" + operatorId + "/" + partition;
        return name.equals(DEFAULT) ? base : base + "/" + name;
    }

    @Override
    public int compareTo(StateStoreId other) {
        int byOperator = Long.compare(operatorId, other.operatorId);
        int byPartition = byOperator != 0 ? byOperator : Integer.compare(partition, other.partition);
        return byPartition != 0 ? byPartition : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return directory();
    }
}
