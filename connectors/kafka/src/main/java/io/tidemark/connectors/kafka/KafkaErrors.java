package io.tidemark.connectors.kafka;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Turns what the Kafka client throws into an error with a cure. */
final class KafkaErrors {
    private final KafkaSourceConfig config;

    KafkaErrors(KafkaSourceConfig config) {
        this.config = config;
    }

    /**
     * Returns the error to throw.
     *
     * @param doing what was tried, as in "Cannot list the topics"
     * @throws Error if the client met one
     */
    TidemarkException translate(String doing, Throwable thrown) {
        Throwable e = thrown;
        while ((e instanceof ExecutionException || e instanceof CompletionException) && e.getCause() != null) {
            e = e.getCause();
        }
        if (e instanceof TidemarkException ours) {
            return ours;
        } else if (e instanceof Error error) {
            throw error;
        }
        String where = "Cannot " + doing + " at Kafka " + config.servers() + ": ";
        String why = withoutStop(messageOf(e));
        Throwable root = rootOf(e);
        if (root instanceof ConfigException && !isUnresolvable(root)) {
            return error(
                    ErrorCode.INVALID_OPTION, "A kafka.* option is wrong: " + messageOf(root) + ". Correct it.", e);
        } else if (e.getClass() == KafkaException.class && e.getCause() != null && !isUnresolvable(root)) {
            return error( // the client could not be put together: a key store, a login module …
                    ErrorCode.INVALID_OPTION,
                    "A kafka.* option is wrong: " + withoutStop(innermost(e)) + ". Correct it.",
                    e);
        } else if (e instanceof AuthenticationException
                || e instanceof AuthorizationException
                || root instanceof AuthenticationException) {
            return error(
                    ErrorCode.SOURCE_AUTHENTICATION,
                    where + why + whatCertificate(e)
                            + ". Check the kafka.sasl.*, kafka.ssl.* and kafka.security.protocol options and the"
                            + " rights of this user.",
                    e);
        } else if (e instanceof InvalidTopicException) {
            return error(ErrorCode.INVALID_OPTION, where + why + ". Correct the topic's name.", e);
        } else if (e instanceof UnknownTopicOrPartitionException) {
            return error(ErrorCode.TOPIC_MISSING, where + why + ". Create the topic or correct its name.", e);
        } else if (e instanceof UnsupportedVersionException) {
            return error(ErrorCode.INVALID_OPTION, where + why + ". The broker is too old for this.", e);
        } else if (isNoAnswer(e) || isUnresolvable(root)) {
            return error(
                    ErrorCode.SOURCE_UNREACHABLE,
                    "Cannot reach Kafka at " + config.servers() + " to " + doing + " within "
                            + config.deadline().toMillis() + " ms: " + whyNoAnswer(e, root)
                            + ". Check that the broker runs, that the address is right and that"
                            + " kafka.security.protocol fits; if it is just slow, raise " + KafkaOptionParser.DEADLINE
                            + ".",
                    e);
        }
        return error(
                ErrorCode.SOURCE_UNREACHABLE, where + e.getClass().getSimpleName() + ": " + why + ". Start again.", e);
    }

    /** Returns what the last exception of Kafka's own says, and what made it say so. */
    private static String innermost(Throwable thrown) {
        Throwable e = thrown;
        while (e.getCause() instanceof KafkaException) {
            e = e.getCause();
        }
        Throwable cause = e.getCause();
        return cause == null
                ? String.valueOf(e.getMessage())
                : e.getMessage() + ": " + cause.getClass().getSimpleName() + " " + cause.getMessage();
    }

    /** A failed handshake says only that it failed; what is wrong with which certificate stands at its bottom. */
    private static String whatCertificate(Throwable e) {
        Throwable bottom = e;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        return bottom == e || bottom.getMessage() == null || messageOf(e).contains(bottom.getMessage())
                ? ""
                : " (" + withoutStop(bottom.getMessage()) + ")";
    }

    private static String messageOf(Throwable e) {
        return e.getMessage() == null ? "no message" : e.getMessage();
    }

    private static String withoutStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private TidemarkException error(ErrorCode code, String message, Throwable cause) {
        return new TidemarkException(code, message, cause);
    }

    /** A wait that ended without a word of the client has nothing to say but that. */
    private String whyNoAnswer(Throwable e, Throwable root) {
        if (isUnresolvable(root)) {
            return String.valueOf(root.getMessage());
        }
        return e.getMessage() == null ? "no answer" : e.getMessage();
    }

    private static boolean isNoAnswer(Throwable e) {
        return e instanceof TimeoutException || e instanceof org.apache.kafka.common.errors.TimeoutException;
    }

    private static boolean isUnresolvable(Throwable e) {
        return e instanceof ConfigException && String.valueOf(e.getMessage()).contains("No resolvable bootstrap");
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && !(root instanceof ApiException)) {
            root = root.getCause();
        }
        return root;
    }
}
