package io.tidemark.runtime.sql;

import io.tidemark.api.error.Origin;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ErrorCapturingIdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ErrorIdentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultipartIdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QualifiedNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StrictIdentifierContext;

/** Reads identifiers, with or without back-ticks. */
final class Names {
    private Names() {}

    static String of(IdentifierContext identifier) {
        return plain(identifier);
    }

    static String of(StrictIdentifierContext identifier) {
        return plain(identifier);
    }

    static String of(ErrorCapturingIdentifierContext identifier) {
        if (identifier.errorCapturingIdentifierExtra() instanceof ErrorIdentContext) {
            String text = Positions.text(identifier);
            throw Positions.syntax(
                    "The name " + text + " needs back-ticks because of its hyphen: `" + text + "`.",
                    Positions.of(identifier));
        }
        return of(identifier.identifier());
    }

    static List<String> of(MultipartIdentifierContext identifier) {
        return identifier.parts.stream().map(Names::of).toList();
    }

    static List<String> of(QualifiedNameContext name) {
        return name.identifier().stream().map(Names::of).toList();
    }

    static List<String> of(IdentifierListContext list) {
        return list.identifierSeq().ident.stream().map(Names::of).toList();
    }

    static List<String> of(IdentifierReferenceContext reference) {
        if (reference.multipartIdentifier() == null) {
            throw Positions.unsupported("The IDENTIFIER clause", reference);
        }
        return of(reference.multipartIdentifier());
    }

    private static String plain(ParserRuleContext identifier) {
        String text = identifier.getText();
        if (text.startsWith("`")) {
            return text.substring(1, text.length() - 1).replace("``", "`");
        }
        if (identifier.getStart() != identifier.getStop()) {
            throw Positions.unsupported("The IDENTIFIER clause", identifier);
        }
        return text;
    }

    /** Splits a column name at its dots; dots inside back-ticks belong to the name. */
    static List<String> ofColumn(String name) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int i = 0;
        boolean open = true; // a part has to follow
        while (i < name.length()) {
            char c = name.charAt(i);
            if (c == '.') {
                if (part.isEmpty()) {
                    throw malformed(name);
                }
                parts.add(part.toString());
                part.setLength(0);
                open = true;
                i++;
            } else if (c == '`') {
                if (!part.isEmpty()) {
                    throw malformed(name);
                }
                i = quotedPart(name, i + 1, part);
                open = false;
                if (i < name.length() && name.charAt(i) != '.') {
                    throw malformed(name);
                }
            } else {
                part.append(c);
                open = false;
                i++;
            }
        }
        if (open || part.isEmpty()) {
            throw malformed(name);
        }
        parts.add(part.toString());
        return parts;
    }

    private static int quotedPart(String name, int from, StringBuilder part) {
        int i = from;
        while (i < name.length()) {
            char c = name.charAt(i++);
            if (c != '`') {
                part.append(c);
            } else if (i < name.length() && name.charAt(i) == '`') {
                part.append('`');
                i++;
            } else {
                return i;
            }
        }
        throw malformed(name);
    }

    private static RuntimeException malformed(String name) {
        return Positions.syntax(
                "'" + name + "' is not a column name. Write it as a, a.b or, with special characters, `a.b`.",
                Origin.NONE);
    }
}
