package io.tidemark.ops.pipeline;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.Redaction;
import io.tidemark.api.secret.SettingNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills {@code ${NAME}} and {@code ${NAME:-default}} in values (never in keys) from an environment; {@code $${} stands
 * for a plain {@code ${}. It works on the parsed tree, so that no value can change the structure of the file.
 */
final class Variables {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})?");

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    YamlNode fill(YamlNode node) {
        if (node instanceof YamlNode.Mapping mapping) {
            List<YamlNode.Entry> filled = new ArrayList<>();
            for (YamlNode.Entry entry : mapping.entries()) {
                filled.add(new YamlNode.Entry(entry.key(), fill(entry.value())));
            }
            return new YamlNode.Mapping(filled, mapping.place());
        }
        if (node instanceof YamlNode.Sequence sequence) {
            return new YamlNode.Sequence(
                    sequence.items().stream().map(this::fill).toList(), sequence.place());
        }
        YamlNode.Scalar scalar = (YamlNode.Scalar) node;
        if (scalar.place().line() == 0) {
            return scalar; // from the command line, where a shell has filled in what it should
        }
        return scalar.withText(fill(scalar));
    }

    private String fill(YamlNode.Scalar scalar) {
        Matcher reference = REFERENCE.matcher(scalar.text());
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (reference.find()) {
            out.append(scalar.text(), from, reference.start());
            from = reference.end();
            if (reference.group().startsWith("$$")) {
                out.append("${");
            } else {
                out.append(value(scalar, reference));
            }
        }
        return out.append(scalar.text(), from, scalar.text().length()).toString();
    }

    private String value(YamlNode.Scalar scalar, Matcher reference) {
        String name = reference.group(1);
        if (name == null) {
            throw PipelineErrors.wrongValue(
                    scalar.place(),
                    "'${' does not start a variable. Write ${NAME} or ${NAME:-default}, or $${ for the two"
                            + " characters.");
        }
        String value = environment.get(name);
        String otherwise = reference.group(2);
        // As in a shell, ":-" also replaces what is set but empty.
        if (otherwise != null && (value == null || value.isEmpty())) {
            return otherwise;
        }
        if (value == null) {
            throw new TidemarkException(
                    ErrorCode.PIPELINE_UNSET_VARIABLE,
                    scalar.place() + ": Environment variable '" + name
                            + "' is not set and has no default. Set it, or write ${" + name + ":-default}.");
        }
        Redaction.remember(name, value, SettingNames.STANDARD);
        return value;
    }
}
