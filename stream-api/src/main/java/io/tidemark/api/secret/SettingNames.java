package io.tidemark.api.secret;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.regex.BoundedText;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Which settings and options hold secrets, by their names. Two questions with different answers for a name that nobody
 * knows: {@link #isSecret} says what is kept out of free text, {@link #isPrintable} whose value may be printed.
 *
 * @param more names in which this is found are secret as well ({@code spark.redaction.regex}); it takes nothing away
 */
public record SettingNames(@Nullable Pattern more) {
    /** The setting that names further secrets; Spark's, but here it only ever adds. */
    public static final String MORE = "spark.redaction.regex";

    /** The names that are secret whatever anybody sets. */
    public static final SettingNames STANDARD = new SettingNames(null);

    private static final Pattern SECRET = Pattern.compile(
            "pass(word|wd|phrase)|secret|token|jaas|credential|private"
                    + "|(access|account|api|shared)[._-]?key|(^|[._-])key$|certificate|user[._-]?info|authorization|signature|[._]sas[._]");

    /** What speaks of a secret without being one: where it is, what kind it has, how long it lasts. */
    private static final Pattern ABOUT_SECRETS = Pattern.compile("[._-](location|type|class|classes|url|urls|ms|seconds"
            + "|minutes|enabled?|algorithm|factor|jitter|protocol|provider|ttl|regex|length|timeout)$");

    private static final Pattern KNOWN = Pattern.compile(
            "spark\\.(sql|app|master|task|shuffle|speculation|local|network|default|cleaner|redaction)(\\..*)?"
                    + "|tidemark\\..*|path|checkpointlocation|header|format|mode|rowspersecond|numpartitions"
                    + "|rampuptime|truncate|numrows|compression|mergeschema|mergekeys|takeover|delta\\..*"
                    + "|subscribe|subscribepattern|assign|starting.*|failondataloss|m(ax|in)\\w+|includeheaders"
                    + "|kafkaconsumer\\..*|fetchoffset\\..*|groupidprefix|kafka\\.bootstrap\\.servers"
                    + "|kafka\\.security\\.protocol|kafka\\.sasl\\.mechanism|kafka\\.isolation\\.level|kafka\\.group\\.id"
                    + "|kafka\\.client\\.id");

    /**
     * Returns the names that are secret under these settings.
     *
     * @throws TidemarkException {@code INVALID_CONF} if {@link #MORE} is no regular expression
     */
    public static SettingNames of(Map<String, String> conf) {
        String regex = conf.get(MORE);
        if (regex == null || regex.isBlank()) {
            return STANDARD;
        }
        try {
            return new SettingNames(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONF,
                    "Setting '" + MORE + "' cannot be '" + regex + "': " + e.getDescription()
                            + ". Use a Java regular expression for names of further secrets; those that are known stay"
                            + " secret.",
                    e);
        }
    }

    /** Returns whether a setting of this name holds a secret. */
    public boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return (SECRET.matcher(lower).find() && !ABOUT_SECRETS.matcher(lower).find()) || isNamedByTheUser(name);
    }

    private boolean isNamedByTheUser(String name) {
        try {
            return more != null && more.matcher(new BoundedText(name)).find();
        } catch (BoundedText.SearchEndedException e) {
            return true; // what cannot be told apart is not shown
        }
    }

    /** Returns whether the value of this setting may be printed: it is known, and no secret. */
    public boolean isPrintable(String name) {
        return KNOWN.matcher(name.toLowerCase(Locale.ROOT)).matches() && !isSecret(name);
    }

    /** Returns {@code settings} as text, in the order of their names, without the values of those that are not printable. */
    public String print(Map<String, String> settings) {
        Map<String, Object> shown = new TreeMap<>();
        settings.forEach((name, value) -> shown.put(name, isPrintable(name) ? value : new Secret(value)));
        return shown.toString();
    }
}
