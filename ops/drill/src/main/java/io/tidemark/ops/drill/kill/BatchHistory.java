package io.tidemark.ops.drill.kill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.ops.drill.DeltaTableOracle;
import io.tidemark.ops.drill.LeftBehind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Every batch that a query was seen to plan and commit, kept after the query has purged it: a plan never changes, ids have
 * no holes, each batch begins where the one before ended, and the watermark does not go back. Used by one thread.
 */
final class BatchHistory {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path checkpoint;
    private final SortedMap<Long, Plan> plans = new TreeMap<>();
    private long newestCommit = -1;
    private long newestWatermark;

    BatchHistory(Path checkpoint) {
        this.checkpoint = checkpoint;
    }

    /**
     * A line of {@code offsets/N}.
     *
     * @param content the whole file
     * @param end the offset behind the last record, by topic and partition
     */
    private record Plan(String content, long watermark, JsonNode end) {}

    /** Reads what was added, and returns what is wrong with it. */
    List<String> readOn(LeftBehind left) throws IOException {
        List<String> wrong = new ArrayList<>();
        holes("offsets", left.offsets(), wrong);
        holes("commits", left.commits(), wrong);
        long newest = plans.isEmpty() ? -1 : plans.lastKey();
        for (long id : left.offsets().tailSet(newest)) { // the newest once more: it may have been run again since
            readPlan(id, wrong);
        }
        for (long id : left.commits().tailSet(newestCommit + 1)) {
            readCommit(id, wrong);
        }
        return wrong;
    }

    private static void holes(String folder, SortedSet<Long> ids, List<String> wrong) {
        if (!ids.isEmpty() && ids.last() - ids.first() + 1 != ids.size()) {
            wrong.add(folder + " has holes: " + ids);
        }
    }

    private void readPlan(long id, List<String> wrong) throws IOException {
        String content = Files.readString(checkpoint.resolve("offsets/" + id));
        String[] lines = content.split("\n", -1);
        if (lines.length < 3) {
            wrong.add("offsets/" + id + " is torn: '" + content + "'");
            return;
        }
        Plan plan = new Plan(
                content, JSON.readTree(lines[1]).path("batchWatermarkMs").asLong(), JSON.readTree(lines[2]));
        Plan known = plans.put(id, plan);
        if (known == null && plan.watermark < newestWatermark) {
            wrong.add("the watermark goes back from " + newestWatermark + " to " + plan.watermark + " in batch " + id);
        } else if (known != null && !known.content.equals(content)) {
            wrong.add("offsets/" + id + " was '" + known.content + "' and is now '" + content + "'");
        }
        newestWatermark = Math.max(newestWatermark, plan.watermark);
    }

    private void readCommit(long id, List<String> wrong) throws IOException {
        String[] lines = Files.readString(checkpoint.resolve("commits/" + id)).split("\n", -1);
        if (lines.length < 2) {
            wrong.add("commits/" + id + " is torn");
            return;
        }
        Plan plan = plans.get(id);
        long next = JSON.readTree(lines[1]).path("nextBatchWatermarkMs").asLong();
        if (plan != null && next < plan.watermark) {
            wrong.add("the watermark behind batch " + id + " is " + next + ", and was " + plan.watermark + " in it");
        }
        Plan following = plans.get(id + 1);
        if (following != null && following.watermark < next) {
            wrong.add("the watermark behind batch " + id + " is " + next + ", that of the next " + following.watermark);
        }
        newestCommit = id;
    }

    /** Holds the table's transactions against the plans: all of them, each once, in order, without a gap in the offsets. */
    List<String> compare(DeltaTableOracle table, long sent) throws IOException {
        List<String> wrong = new ArrayList<>();
        List<DeltaTableOracle.Transaction> transactions = table.transactions();
        JsonNode end = JSON.createObjectNode();
        for (int i = 0; i < transactions.size(); i++) {
            DeltaTableOracle.Transaction transaction = transactions.get(i);
            if (transaction.batchId() != i
                    || !transaction.queryId().equals(transactions.get(0).queryId())) {
                wrong.add("version " + transaction.tableVersion() + " is of batch " + transaction.batchId() + " of "
                        + transaction.queryId() + ", expected batch " + i);
                return wrong;
            }
            JsonNode range = JSON.readTree(transaction.offsetRanges()).path(0);
            if (!isBehind(range.path("startOffset"), end)) {
                wrong.add(
                        "batch " + i + " begins at " + range.path("startOffset") + ", the one before ended at " + end);
            }
            end = range.path("endOffset");
            Plan plan = plans.get((long) i);
            if (plan != null && !plan.end.equals(end)) {
                wrong.add("batch " + i + " ends at " + end + ", its plan at " + plan.end);
            }
        }
        OptionalLong newest = plans.isEmpty() ? OptionalLong.empty() : OptionalLong.of(plans.lastKey());
        if (newest.isEmpty() || newest.getAsLong() != transactions.size() - 1 || newestCommit != newest.getAsLong()) {
            wrong.add("plans to " + newest + ", commits to " + newestCommit + ", but " + transactions.size()
                    + " transactions");
        }
        if (sum(end) != sent) {
            wrong.add("the last batch ends at " + end + ", but " + sent + " records were sent");
        }
        return wrong;
    }

    /** Before the first batch, nothing or zeros: the source's own way to say where it begins. */
    private static boolean isBehind(JsonNode start, JsonNode end) {
        return start.equals(end) || (end.isEmpty() && sum(start) == 0);
    }

    private static long sum(JsonNode offsets) {
        long sum = 0;
        for (JsonNode topic : offsets) {
            for (JsonNode offset : topic) {
                sum += offset.asLong();
            }
        }
        return sum;
    }
}
