package io.tidemark.runtime.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import org.antlr.v4.runtime.tree.ParseTree;

/**
 * How deep a parsed text is nested. An operator is a level, a pair of parentheses is five. What is built from a text, and
 * whatever looks through it later, recurs as deep, on whatever thread it happens to be.
 */
final class TreeDepth {
    /** As deep as a text may be: on a stack of a megabyte there is room for several times as much. */
    static final int MOST = 1_500;

    private TreeDepth() {}

    /** Returns whether {@code tree} is deeper than {@link #MOST}, without recursion. */
    static boolean isTooDeep(ParseTree tree) {
        Deque<ParseTree> level = new ArrayDeque<>();
        level.add(tree);
        for (int depth = 0; !level.isEmpty(); depth++) {
            if (depth > MOST) {
                return true;
            }
            for (int left = level.size(); left > 0; left--) {
                ParseTree node = level.remove();
                for (int i = 0; i < node.getChildCount(); i++) {
                    level.add(node.getChild(i));
                }
            }
        }
        return false;
    }
}
