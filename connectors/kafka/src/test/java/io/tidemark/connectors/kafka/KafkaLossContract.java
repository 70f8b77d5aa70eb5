package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.error.ErrorCode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the source makes of rows, partitions and topics that are gone, or are not what they were. */
abstract class KafkaLossContract extends KafkaContract {
    /** Makes the topic, with some rows of which a first run of the query reads all. */
    private SourceUnderTest firstRunOver(int rows) throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, rows);
        SourceUnderTest first = open().fresh();
        first.batch();
        return first;
    }

    private void createAgain(String name, int rows) {
        topics.delete(name);
        topics.create(name, 1);
        sendMany(name, 0, rows);
    }

    /** Makes two topics: {@code a} and {@code b} in x, {@code c} in y. */
    private void createBoth() throws Exception {
        topics.create(topic + "-x", 1);
        topics.create(topic + "-y", 1);
        send(topic + "-x", 0, "a", "b");
        send(topic + "-y", 0, "c");
    }

    private SourceUnderTest openBoth(String failOnDataLoss) {
        return open("subscribe", "", "subscribePattern", topic + "-.", "failOnDataLoss", failOnDataLoss);
    }

    /** Opens the source so that it goes on in spite of losses. */
    private SourceUnderTest openLenient(String... more) {
        String[] options = Arrays.copyOf(more, more.length + 2);
        options[more.length] = "failOnDataLoss";
        options[more.length + 1] = "false";
        return open(options);
    }

    @Test
    void rowsGoneBeforeTheBatchIsPlannedAreALossThatIsNamed() throws Exception {
        SourceUnderTest first = firstRunOver(5);
        sendMany(topic, 0, 5);
        topics.deleteRecords(topic, 0, 7);
        SourceUnderTest strict = open().resumeAfter(first);
        assertFails(
                ErrorCode.SOURCE_ROWS_MISSING,
                strict::batch,
                topic + "-0",
                "offsets 5 to 6",
                "earliest is 7",
                "2 rows",
                "failOnDataLoss=false");
        SourceUnderTest lenient = openLenient().resumeAfter(first);
        assertThat(lenient.batch()).extracting(r -> r.get(4)).containsExactly(7L, 8L, 9L);
        assertThat(lenient.losses).singleElement().satisfies(lost(5, 7));
    }

    @Test
    void aPartitionThatBeginsJustWhereTheQueryStoppedHasLostNothing() throws Exception {
        SourceUnderTest first = firstRunOver(5);
        sendMany(topic, 0, 5);
        topics.deleteRecords(topic, 0, 5);
        SourceUnderTest again = open().resumeAfter(first);
        assertThat(again.batch()).hasSize(5);
        assertThat(again.losses).isEmpty();
    }

    @Test
    void rowsThatGoAfterTheBatchIsPlannedAreFoundWhenItRuns() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 10);
        for (String failOnDataLoss : List.of("true", "false")) {
            SourceUnderTest source = open("failOnDataLoss", failOnDataLoss).fresh();
            Offset start = new Offset(offsets(topic, failOnDataLoss.equals("true") ? 0 : 4));
            Offset end =
                    source.source.latestOffset(start, ReadLimit.SOURCE_DEFAULT).orElseThrow();
            var plan = source.source.plan(start, end, null);
            topics.deleteRecords(topic, 0, failOnDataLoss.equals("true") ? 2 : 7);
            if (failOnDataLoss.equals("true")) {
                assertFails(
                        ErrorCode.SOURCE_ROWS_MISSING,
                        () -> source.read(plan.partitions().get(0), 0),
                        topic + "-0",
                        "0 to 1");
            } else {
                assertThat(source.read(plan.partitions().get(0), 0)).hasSize(3);
                assertThat(source.losses).singleElement().satisfies(lost(4, 7));
            }
        }
    }

    @Test
    void aBatchRunAgainAfterItsRowsAreGoneFailsOrLeavesThemOut() throws Exception {
        SourceUnderTest first = firstRunOver(10);
        Offset start = first.source.initialOffset();
        topics.deleteRecords(topic, 0, 10);
        send(topic, 0, "later");
        SourceUnderTest strict = open();
        assertFails(
                ErrorCode.SOURCE_ROWS_MISSING,
                () -> strict.run(start, first.at(), first.seal().orElseThrow()),
                topic + "-0",
                "0 to 9");
        SourceUnderTest lenient = openLenient();
        assertThat(lenient.run(start, first.at(), first.seal().orElseThrow())).isEmpty();
        assertThat(lenient.losses).singleElement().satisfies(lost(0, 10));
    }

    @Test
    void aTopicCreatedAgainIsNoticedHoweverLongItIs() throws Exception {
        for (int again : List.of(2, 20)) {
            String name = topic + again;
            topics.create(name, 1);
            sendMany(name, 0, 5);
            Path directory = checkpoint.resolve(name);
            SourceUnderTest first = openAt(directory, "subscribe", name).fresh();
            first.batch();
            createAgain(name, again);
            assertFails(ErrorCode.TOPIC_RECREATED, first::batch, name);
            SourceUnderTest strict = openAt(directory, "subscribe", name);
            assertFails(ErrorCode.TOPIC_RECREATED, () -> strict.resumeAfter(first), name);
            SourceUnderTest lenient = openAt(directory, "subscribe", name, "failOnDataLoss", "false");
            lenient.resumeAfter(first);
            assertThat(lenient.batch()).isEmpty();
            assertThat(lenient.at().json()).isEqualTo(offsets(name, 0));
            assertThat(lenient.losses).singleElement().satisfies(lost(5, -1));
            assertThat(lenient.batch()).hasSize(again);
        }
    }

    @Test
    void aDeletedTopicIsALossOfItsPartitions() throws Exception {
        createBoth();
        SourceUnderTest strict = openBoth("true").fresh();
        strict.batch();
        SourceUnderTest lenient = openBoth("false").resumeAfter(strict);
        topics.delete(topic + "-x");
        assertFails(ErrorCode.PARTITIONS_DELETED, strict::batch, topic + "-x-0");
        assertFails(ErrorCode.PARTITIONS_DELETED, () -> openBoth("true").resumeAfter(strict), topic + "-x-0");
        send(topic + "-y", 0, "d");
        assertThat(SourceUnderTest.values(lenient.batch())).containsExactly("d");
        assertThat(lenient.at().json()).isEqualTo(offsets(topic + "-y", 2));
        assertThat(lenient.losses).singleElement().satisfies(lost(2, -1));
        send(topic + "-y", 0, "e");
        assertThat(SourceUnderTest.values(lenient.batch())).containsExactly("e");
    }

    @Test
    void aTopicCreatedAgainWhileItIsReadIsNoticedWhenTheBatchHasBeenRead() throws Exception {
        for (String fail : List.of("true", "false")) {
            String name = topic + fail;
            topics.create(name, 1);
            sendMany(name, 0, 10);
            SourceUnderTest source = openAt(
                            checkpoint.resolve(name),
                            "subscribe",
                            name,
                            "maxOffsetsPerTrigger",
                            "5",
                            "failOnDataLoss",
                            fail)
                    .fresh();
            assertThat(source.batch()).hasSize(5);
            Offset end = source.source
                    .latestOffset(source.at(), ReadLimit.SOURCE_DEFAULT)
                    .orElseThrow();
            var range = source.source.plan(source.at(), end, null).partitions().get(0);
            createAgain(name, 20); // and what is wanted was fetched already
            if (fail.equals("true")) {
                assertFails(ErrorCode.TOPIC_RECREATED, () -> source.read(range, 0), name);
            } else {
                assertThatThrownBy(() -> source.read(range, 0)).isInstanceOf(TopicWatch.TopicChangedException.class);
                assertThat(source.read(range, 1)).as("rows of the other topic").isEmpty();
                assertThat(source.losses).singleElement().satisfies(lost(5, 10));
            }
        }
    }

    @Test
    void aTopicThatComesBackGoesOnWhereItStood() throws Exception {
        createBoth();
        SourceUnderTest first = openBoth("true").fresh();
        first.batch();
        // To a source that does not match it, a topic is as absent as one that the brokers do not show.
        SourceUnderTest without =
                openLenient("subscribe", "", "subscribePattern", topic + "-y").resumeAfter(first);
        for (String value : List.of("d", "e")) {
            send(topic + "-y", 0, value);
            assertThat(SourceUnderTest.values(without.batch())).containsExactly(value);
        }
        assertThat(without.at().json()).isEqualTo(offsets(topic + "-y", 3));
        assertThat(without.losses).singleElement().satisfies(lost(2, -1));
        SourceUnderTest again = openBoth("false").resumeAfter(without);
        send(topic + "-x", 0, "f");
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("f");
        // A batch that is run again after a crash has its own seal and nothing else.
        SourceUnderTest crashed = openBoth("false");
        assertThat(SourceUnderTest.values(
                        crashed.run(without.at(), again.at(), again.seal().orElseThrow())))
                .containsExactly("f");
        send(topic + "-x", 0, "g");
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("g");
        assertThat(again.losses).isEmpty();
    }

    @Test
    void aTopicThatComesBackAsAnotherOneIsReadFromItsBeginning() throws Exception {
        createBoth();
        SourceUnderTest source = openBoth("false");
        source.fresh().batch();
        topics.delete(topic + "-x");
        send(topic + "-y", 0, "d");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("d");
        topics.create(topic + "-x", 1);
        send(topic + "-x", 0, "e", "f", "g");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("e", "f", "g");
    }

    @Test
    void aPartitionThatIsNotShownKeepsItsOffset() throws Exception {
        topics.create(topic, 2);
        send(topic, 0, "a");
        send(topic, 1, "b", "c");
        String both = "{\"" + topic + "\":[0,1]}";
        SourceUnderTest first = open("subscribe", "", "assign", both).fresh();
        first.batch();
        SourceUnderTest without = openLenient("subscribe", "", "assign", "{\"" + topic + "\":[0]}")
                .resumeAfter(first);
        send(topic, 0, "d");
        assertThat(SourceUnderTest.values(without.batch())).containsExactly("d");
        assertThat(without.at().json()).isEqualTo(offsets(topic, 2, 2));
        assertThat(without.losses).isEmpty();
        SourceUnderTest again = openLenient("subscribe", "", "assign", both).resumeAfter(without);
        send(topic, 1, "e");
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("e");
    }

    @Test
    void anEndFixedForATopicThatIsCreatedAgainIsNotAskedOfTheNewOne() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 25);
        SourceUnderTest source = openLenient("maxOffsetsPerTrigger", "10");
        source.source.prepareForTriggerAvailableNow();
        source.fresh();
        assertThat(source.batch()).hasSize(10);
        createAgain(topic, 3);
        assertThat(source.batch()).isEmpty();
        assertThat(source.losses).singleElement().satisfies(lost(10, -1));
        assertThat(source.batch()).hasSize(3);
        assertThat(source.at().json()).isEqualTo(offsets(topic, 3));
        assertThat(source.batch()).isNull();
        assertThat(source.losses).hasSize(1);
    }

    @Test
    void offsetsAheadOfKafkaAreRefused() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 5);
        Offset ahead = new Offset(offsets(topic, 50));
        assertFails(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                () -> open().resumeAt(ahead, null),
                topic + "-0",
                "ends at offset 5",
                "50");
        SourceUnderTest first = open().fresh();
        first.batch();
        assertFails(
                ErrorCode.LOG_TRUNCATED,
                () -> open().resumeAt(ahead, first.seal().orElseThrow()),
                topic + "-0",
                "50");
    }

    @Test
    void anOffsetLineInAnotherOrderIsTheSameOffset() throws Exception {
        topics.create(topic, 2);
        send(topic, 0, "a");
        send(topic, 1, "b");
        SourceUnderTest source = open();
        Offset spelledOtherwise = new Offset("{\"" + topic + "\":{\"1\":1,\"0\":1}}");
        source.resumeAt(spelledOtherwise, null);
        assertThat(source.batch()).isNull();
        assertThat(source.source.latestOffset(spelledOtherwise, ReadLimit.SOURCE_DEFAULT))
                .contains(spelledOtherwise);
    }

    @Test
    void aTopicCreatedAgainBeforeItsPlanWasSealedIsNotReadForTheOldOne() throws Exception {
        SourceUnderTest first = firstRunOver(10);
        sendMany(topic, 0, 10);
        Offset planned =
                first.source.latestOffset(first.at(), ReadLimit.SOURCE_DEFAULT).orElseThrow();
        createAgain(topic, 30);
        SourceUnderTest again = openLenient().resumeAfter(first);
        String sealed = again.source.seal(planned).orElseThrow();
        assertThat(again.run(first.at(), planned, sealed)).isEmpty();
        assertThat(again.losses).singleElement().satisfies(lost(10, 20));
        again.resumeAt(planned, sealed);
        assertThat(again.batch()).as("logs that it starts over").isEmpty();
        assertThat(again.batch()).hasSize(30);
    }

    @Test
    void anErrorOfALogThatWasCutNamesTheWayOn() throws Exception {
        SourceUnderTest first = firstRunOver(5);
        Offset ahead = new Offset(offsets(topic, 50));
        assertFails(
                ErrorCode.LOG_TRUNCATED,
                () -> openLenient().resumeAt(ahead, first.seal().orElseThrow()),
                "ends at offset 5",
                "allowRewind=true");
        SourceUnderTest rewinding = open("failOnDataLoss", "false", "allowRewind", "true");
        rewinding.resumeAt(ahead, first.seal().orElseThrow());
        assertThat(rewinding.batch()).as("logs the end of what there is").isEmpty();
        assertThat(rewinding.losses).singleElement().satisfies(lost(50, -1));
        send(topic, 0, "f");
        assertThat(SourceUnderTest.values(rewinding.batch())).containsExactly("f");
    }
}
