package io.tidemark.runtime.sql;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.EditDistance;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Turns the first error of the parser into an exception of one line that names the token and its place. */
final class SyntaxErrors extends BaseErrorListener {
    private static final List<String> CLAUSES = List.of(
            "SELECT",
            "FROM",
            "WHERE",
            "GROUP",
            "HAVING",
            "ORDER",
            "LIMIT",
            "UNION",
            "DISTINCT",
            "BETWEEN",
            "WATERMARK");

    private final ErrorCode code;

    SyntaxErrors(ErrorCode code) {
        this.code = code;
    }

    @Override
    public void syntaxError(
            @Nullable Recognizer<?, ?> recognizer,
            @Nullable Object offendingSymbol,
            int line,
            int charPositionInLine,
            @Nullable String message,
            @Nullable RecognitionException cause) {
        Token token = cause != null && cause.getOffendingToken() != null
                ? cause.getOffendingToken()
                : (Token) offendingSymbol;
        if (token == null) {
            throw new AnalysisException(code, "Syntax error.", new Origin(line, charPositionInLine + 1, ""));
        }
        throw at(token, hint(recognizer, token));
    }

    /** Returns the error at {@code token}. */
    AnalysisException at(Token token, String hint) {
        String near = token.getType() == Token.EOF ? "the end of the text" : "'" + token.getText() + "'";
        return new AnalysisException(code, "Syntax error at or near " + near + "." + hint, Positions.of(token));
    }

    /** Names the keyword that was probably meant, if the token or the word before it is one edit away from one. */
    private static String hint(@Nullable Recognizer<?, ?> recognizer, Token token) {
        if (!(recognizer instanceof Parser parser)) {
            return "";
        }
        Token before = wordBefore(parser, token.getTokenIndex());
        for (Token word : before == null ? List.of(token) : List.of(token, before)) {
            String written = word.getText().toUpperCase(Locale.ROOT);
            for (String keyword : CLAUSES) {
                if (EditDistance.between(keyword, written) == 1) {
                    return " Did you mean " + keyword + " instead of " + word.getText() + "?";
                }
            }
        }
        return "";
    }

    private static @Nullable Token wordBefore(Parser parser, int index) {
        for (int i = index - 1; i >= 0; i--) {
            Token token = parser.getTokenStream().get(i);
            if (token.getChannel() == Token.DEFAULT_CHANNEL) {
                return token;
            }
        }
        return null;
    }
}
