package io.tidemark.connectors.builtin;

import io.tidemark.api.Row;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows as the ASCII table that Spark's {@code show} prints.
 *
 * @param numRows how many rows to print
 * @param cellWidth longer cells are cut to it; 0 to cut none and align left
 */
record TextTable(StructType schema, int numRows, int cellWidth, ZoneId zone) {
    private static final int MIN_COLUMN_WIDTH = 3;

    /** Returns the table, each line ended by LF; a last line says so if there are more than {@code numRows} rows. */
    String render(List<Row> rows) {
        List<List<String>> lines = new ArrayList<>();
        CellText cells = new CellText(zone);
        lines.add(schema.fields().stream().map(f -> cut(escape(f.name()))).toList());
        for (Row row : rows.subList(0, Math.min(rows.size(), numRows))) {
            List<String> line = new ArrayList<>();
            for (int i = 0; i < schema.size(); i++) {
                StructField field = schema.field(i);
                line.add(cut(escape(cells.text(row.get(i), field.dataType()))));
            }
            lines.add(line);
        }
        int[] widths = new int[schema.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = MIN_COLUMN_WIDTH;
            for (List<String> line : lines) {
                widths[i] = Math.max(widths[i], displayWidth(line.get(i)));
            }
        }
        StringBuilder rule = new StringBuilder("+");
        for (int width : widths) {
            rule.append("-".repeat(width)).append('+');
        }
        rule.append('\n');
        StringBuilder out =
                new StringBuilder(rule).append(line(lines.get(0), widths)).append(rule);
        lines.stream().skip(1).forEach(line -> out.append(line(line, widths)));
        out.append(rule);
        if (rows.size() > numRows) {
            out.append("only showing top ").append(numRows).append(numRows == 1 ? " row\n" : " rows\n");
        }
        return out.toString();
    }

    private String line(List<String> line, int[] widths) {
        StringBuilder out = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String cell = line.get(i);
            String padding = " ".repeat(widths[i] - displayWidth(cell));
            out.append(cellWidth > 0 ? padding + cell : cell + padding).append('|');
        }
        return out.append('\n').toString();
    }

    private String cut(String cell) {
        if (cellWidth == 0 || cell.length() <= cellWidth) {
            return cell;
        }
        return cellWidth < 4 ? cell.substring(0, cellWidth) : cell.substring(0, cellWidth - 3) + "...";
    }

    private static String escape(String cell) {
        return cell.chars()
                .mapToObj(c -> switch (c) {
                    case '\n' -> "\\n";
                    case '\r' -> "\\r";
                    case '\t' -> "\\t";
                    case '\f' -> "\\f";
                    case '\b' -> "\\b";
                    case 0x0B -> "\\v";
                    case 0x07 -> "\\a";
                    default -> Character.toString(c);
                })
                .collect(Collectors.joining());
    }

    /** Counts East Asian full-width characters twice. */
    private static int displayWidth(String cell) {
        return cell.chars().map(c -> isFullWidth(c) ? 2 : 1).sum();
    }

    private static boolean isFullWidth(int c) {
        return (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0xA4CF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE4F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6);
    }
}
