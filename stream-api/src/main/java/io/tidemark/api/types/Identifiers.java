package io.tidemark.api.types;

/** How names are written in SQL and JSON text. */
public final class Identifiers {
    private Identifiers() {}

    /** Returns {@code name} as it is if SQL reads it as one plain identifier, else in back-ticks. */
    public static String quoteIfNeeded(String name) {
        boolean plain = !name.isEmpty() && !Character.isDigit(name.charAt(0));
        for (int i = 0; plain && i < name.length(); i++) {
            char c = name.charAt(i);
            plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        }
        return plain ? name : quote(name);
    }

    /** Returns {@code name} in back-ticks. */
    public static String quote(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    /** Returns {@code text} as a JSON string with its quotes, escaped as Jackson does by default. */
    public static String jsonString(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00")
                                .append(c < 0x10 ? "0" : "")
                                .append(Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
