package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;
import java.util.Locale;
import java.util.Set;

/** What is no loss and must never be taken for one, even where loss is allowed. */
enum NotLoss {
    AUTHENTICATION("the broker does not know this user", Set.of(ErrorCode.SOURCE_AUTHENTICATION)),
    AUTHORIZATION("this user may not read the topic", Set.of(ErrorCode.SOURCE_AUTHENTICATION)),
    TIMEOUT(
            "something listens there and never answers",
            Set.of(ErrorCode.SOURCE_UNREACHABLE, ErrorCode.SOURCE_TIMEOUT)),
    BROKER_AWAY("nothing listens there", Set.of(ErrorCode.SOURCE_UNREACHABLE, ErrorCode.SOURCE_TIMEOUT)),
    NAME_UNKNOWN("the broker's name has no address", Set.of(ErrorCode.SOURCE_UNREACHABLE)),
    QUOTA("the broker slows this client down", Set.of()),
    LEADER_CHANGE("the partitions get a new leader while they are read", Set.of());

    private final String words;
    private final Set<ErrorCode> codes;

    NotLoss(String words, Set<ErrorCode> codes) {
        this.words = words;
        this.codes = codes;
    }

    String words() {
        return words;
    }

    /** Returns the errors it may end with; empty if the query gets through. */
    Set<ErrorCode> codes() {
        return codes;
    }

    String text() {
        return "not-loss/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean needsTheBrokerAlone() {
        return this == LEADER_CHANGE;
    }
}
