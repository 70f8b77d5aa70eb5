package io.tidemark.ops.drill.kill;

/** What happens to a process or to its broker before the process dies. */
enum Disturbance {
    NONE("none"),
    STOPPED("query stopped and woken"),
    STOPPED_FOR_GOOD("query stopped, killed asleep"),
    BROKER_PAUSED("broker paused and woken"),
    BROKER_KILLED("broker killed and started again"),
    BROKER_KILLED_TOO("broker killed together with the query");

    private final String meaning;

    Disturbance(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }

    /** Returns whether the broker is away for seconds, which a query has to wait for. */
    boolean takesTheBrokerAway() {
        return this == BROKER_KILLED || this == BROKER_KILLED_TOO;
    }
}
