package io.tidemark.runtime.sql;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import java.util.Locale;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Turns the first error of the parser into an exception of one line that names the token and its place. */
final class SyntaxErrors extends BaseErrorListener {
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
        String near = token.getType() == Token.EOF ? "the end of the text" : "'" + token.getText() + "'";
        throw new AnalysisException(
                code, "Syntax error at or near " + near + "." + hint(recognizer, token), Positions.of(token));
    }

    /** Names the keyword that was probably meant, if it or the word before it is a letter away from one. */
    private static String hint(@Nullable Recognizer<?, ?> recognizer, Token token) {
        if (!(recognizer instanceof Parser parser)) {
            return "";
        }
        Token before = token.getTokenIndex() > 0 ? wordBefore(parser, token.getTokenIndex()) : null;
        for (Token word : before == null ? new Token[] {token} : new Token[] {token, before}) {
            String written = word.getText().toUpperCase(Locale.ROOT);
            for (int type : parser.getExpectedTokens().toArray()) {
                String keyword = type < 0 ? null : parser.getVocabulary().getLiteralName(type);
                if (keyword == null || keyword.length() < 5) {
                    continue;
                }
                String wanted = keyword.substring(1, keyword.length() - 1);
                if (!wanted.equals(written) && EditDistance.between(wanted, written) <= 1) {
                    return " Did you mean " + wanted + " instead of " + word.getText() + "?";
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
