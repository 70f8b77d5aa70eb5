package io.tidemark.checkpoint.format;

import io.tidemark.api.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rules that all text files of a checkpoint share: UTF-8, line ends, and the version line. */
final class LogLines {
    private static final Pattern VERSION = Pattern.compile("v([1-9][0-9]{0,8})");

    private LogLines() {}

    /** Returns the text of a file that must not be empty. */
    static String text(String file, byte[] content, String cure) {
        if (content.length == 0) {
            throw ControlFileException.corrupt(file, "it is empty, probably torn when the machine lost power", cure);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ControlFileException.corrupt(file, "it is not UTF-8 text", cure);
        }
    }

    /** Splits at LF, CR or CRLF; one line end at the end of the file is ignored. */
    static List<String> split(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                lines.add(text.substring(start, i));
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    /** Returns the number in a version line between 1 and {@code max}. */
    static int version(String file, String line, int max, String cure) {
        var matcher = VERSION.matcher(line);
        if (!matcher.matches()) {
            throw ControlFileException.corrupt(file, "its first line is not a version such as v1", cure);
        }
        int version = Integer.parseInt(matcher.group(1));
        if (version > max) {
            throw new ControlFileException(
                    ErrorCode.CHECKPOINT_VERSION_UNSUPPORTED,
                    file,
                    "it has format version v" + version + ", the highest supported is v" + max,
                    "Continue with the engine that wrote it.");
        }
        return version;
    }
}
