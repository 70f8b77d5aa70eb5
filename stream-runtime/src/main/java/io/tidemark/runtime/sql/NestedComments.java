package io.tidemark.runtime.sql;

/**
 * How deep comments stand in comments. The grammar allows it, and its lexer takes memory that doubles with each level
 * that is not closed, so the depth is known before it begins.
 */
final class NestedComments {
    static final int MOST = 8;

    private NestedComments() {}

    /** Returns the greatest depth of comments in {@code sql}, outside of strings and quoted names. */
    static int depthOf(String sql) {
        int depth = 0;
        int most = 0;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (sql.startsWith("/*", i)) {
                most = Math.max(most, ++depth);
                i++;
            } else if (depth > 0) {
                if (sql.startsWith("*/", i)) {
                    depth--;
                    i++;
                }
            } else if (c == '\'' || c == '"' || c == '`') {
                i = endOfQuoted(sql, i);
            } else if (sql.startsWith("--", i)) {
                int end = sql.indexOf('\n', i);
                i = end < 0 ? sql.length() : end;
            }
        }
        return most;
    }

    private static int endOfQuoted(String sql, int start) {
        char quote = sql.charAt(start);
        for (int i = start + 1; i < sql.length(); i++) {
            if (sql.charAt(i) == quote) {
                return i;
            } else if (sql.charAt(i) == '\\' && quote != '`') {
                i++;
            }
        }
        return sql.length();
    }
}
