package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.error.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the source makes of rows, partitions and topics that are gone, or are not what they were. */
abstract class KafkaLossContract extends KafkaContract {
    @Test
    void rowsGoneBeforeTheBatchIsPlannedAreALossThatIsNamed() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 5);
        SourceUnderTest first = open().fresh();
        first.batch();
        sendMany(topic, 0, 5);
        topics.deleteRecords(topic, 0, 7);
        SourceUnderTest strict = open().resumeAt(first.at(), first.seal().orElseThrow());
        assertFails(
                ErrorCode.SOURCE_ROWS_MISSING,
                strict::batch,
                topic + "-0",
                "offsets 5 to 6",
                "earliest is 7",
                "2 rows",
                "failOnDataLoss=false");
        SourceUnderTest lenient = open("failOnDataLoss", "false")
                .resumeAt(first.at(), first.seal().orElseThrow());
        assertThat(lenient.batch()).extracting(r -> r.get(4)).containsExactly(7L, 8L, 9L);
        assertThat(lenient.losses).singleElement().satisfies(lost(5, 7));
    }

    @Test
    void aPartitionThatBeginsJustWhereTheQueryStoppedHasLostNothing() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 5);
        SourceUnderTest first = open().fresh();
        first.batch();
        sendMany(topic, 0, 5);
        topics.deleteRecords(topic, 0, 5);
        SourceUnderTest again = open().resumeAt(first.at(), first.seal().orElseThrow());
        assertThat(again.batch()).hasSize(5);
        assertThat(again.losses).isEmpty();
    }

    @Test
    void rowsThatGoAfterTheBatchIsPlannedAreFoundWhenItRuns() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 10);
        for (String failOnDataLoss : List.of("true", "false")) {
            SourceUnderTest source = open("failOnDataLoss", failOnDataLoss).fresh();
            Offset start = new Offset("{\"" + topic + "\":{\"0\":" + (failOnDataLoss.equals("true") ? 0 : 4) + "}}");
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
        topics.create(topic, 1);
        sendMany(topic, 0, 10);
        SourceUnderTest first = open().fresh();
        Offset start = first.at();
        first.batch();
        topics.deleteRecords(topic, 0, 10);
        send(topic, 0, "later");
        SourceUnderTest strict = open();
        assertFails(
                ErrorCode.SOURCE_ROWS_MISSING,
                () -> strict.run(start, first.at(), first.seal().orElseThrow()),
                topic + "-0",
                "0 to 9");
        SourceUnderTest lenient = open("failOnDataLoss", "false");
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
            SourceUnderTest first = SourceUnderTest.open(directory, options("subscribe", name));
            opened.add(first.fresh());
            first.batch();
            topics.delete(name);
            topics.create(name, 1);
            sendMany(name, 0, again);
            assertFails(ErrorCode.TOPIC_RECREATED, first::batch, name);
            SourceUnderTest strict = SourceUnderTest.open(directory, options("subscribe", name));
            opened.add(strict);
            assertFails(
                    ErrorCode.TOPIC_RECREATED,
                    () -> strict.resumeAt(first.at(), first.seal().orElseThrow()),
                    name);
            SourceUnderTest lenient =
                    SourceUnderTest.open(directory, options("subscribe", name, "failOnDataLoss", "false"));
            opened.add(lenient);
            lenient.resumeAt(first.at(), first.seal().orElseThrow());
            assertThat(lenient.batch()).isEmpty();
            assertThat(lenient.at().json()).isEqualTo("{\"" + name + "\":{\"0\":0}}");
            assertThat(lenient.losses).singleElement().satisfies(lost(5, -1));
            assertThat(lenient.batch()).hasSize(again);
        }
    }

    @Test
    void aDeletedTopicIsALossOfItsPartitions() throws Exception {
        topics.create(topic + "-x", 1);
        topics.create(topic + "-y", 1);
        send(topic + "-x", 0, "a");
        send(topic + "-y", 0, "b");
        String[] pattern = {"subscribe", "", "subscribePattern", topic + "-."};
        SourceUnderTest strict = open(pattern).fresh();
        strict.batch();
        SourceUnderTest lenient = SourceUnderTest.open(
                checkpoint, options("subscribe", "", "subscribePattern", topic + "-.", "failOnDataLoss", "false"));
        opened.add(lenient);
        lenient.resumeAt(strict.at(), strict.seal().orElseThrow());
        topics.delete(topic + "-x");
        assertFails(ErrorCode.PARTITIONS_DELETED, strict::batch, topic + "-x-0");
        assertFails(
                ErrorCode.PARTITIONS_DELETED,
                () -> open(pattern).resumeAt(strict.at(), strict.seal().orElseThrow()),
                topic + "-x-0");
        send(topic + "-y", 0, "c");
        assertThat(SourceUnderTest.values(lenient.batch())).containsExactly("c");
        assertThat(lenient.at().json()).isEqualTo("{\"" + topic + "-y\":{\"0\":2}}");
        assertThat(lenient.losses).singleElement().satisfies(lost(1, -1));
        send(topic + "-y", 0, "d");
        assertThat(SourceUnderTest.values(lenient.batch())).containsExactly("d");
    }

    @Test
    void aTopicCreatedAgainWhileItIsReadIsNoticedWhenTheBatchHasBeenRead() throws Exception {
        for (String fail : List.of("true", "false")) {
            String name = topic + fail;
            topics.create(name, 1);
            sendMany(name, 0, 10);
            SourceUnderTest source = SourceUnderTest.open(
                    checkpoint.resolve(name),
                    options("subscribe", name, "maxOffsetsPerTrigger", "5", "failOnDataLoss", fail));
            opened.add(source.fresh());
            assertThat(source.batch()).hasSize(5);
            Offset end = source.source
                    .latestOffset(source.at(), ReadLimit.SOURCE_DEFAULT)
                    .orElseThrow();
            var range = source.source.plan(source.at(), end, null).partitions().get(0);
            topics.delete(name);
            topics.create(name, 1);
            sendMany(name, 0, 20); // and what is wanted was fetched already
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
        topics.create(topic + "-x", 1);
        topics.create(topic + "-y", 1);
        send(topic + "-x", 0, "a", "b");
        send(topic + "-y", 0, "c");
        SourceUnderTest first =
                open("subscribe", "", "subscribePattern", topic + "-.").fresh();
        first.batch();
        // To a source that does not match it, a topic is as absent as one that the brokers do not show.
        SourceUnderTest without = open("subscribe", "", "subscribePattern", topic + "-y", "failOnDataLoss", "false");
        without.resumeAt(first.at(), first.seal().orElseThrow());
        for (String value : List.of("d", "e")) {
            send(topic + "-y", 0, value);
            assertThat(SourceUnderTest.values(without.batch())).containsExactly(value);
        }
        assertThat(without.at().json()).isEqualTo("{\"" + topic + "-y\":{\"0\":3}}");
        assertThat(without.losses).singleElement().satisfies(lost(2, -1));
        SourceUnderTest again = open("subscribe", "", "subscribePattern", topic + "-.", "failOnDataLoss", "false");
        again.resumeAt(without.at(), without.seal().orElseThrow());
        send(topic + "-x", 0, "f");
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("f");
        // A batch that is run again after a crash has its own seal and nothing else.
        SourceUnderTest crashed = open("subscribe", "", "subscribePattern", topic + "-.", "failOnDataLoss", "false");
        assertThat(SourceUnderTest.values(
                        crashed.run(without.at(), again.at(), again.seal().orElseThrow())))
                .containsExactly("f");
        send(topic + "-x", 0, "g");
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("g");
        assertThat(again.losses).isEmpty();
    }

    @Test
    void aTopicThatComesBackAsAnotherOneIsReadFromItsBeginning() throws Exception {
        topics.create(topic + "-x", 1);
        topics.create(topic + "-y", 1);
        send(topic + "-x", 0, "a", "b");
        send(topic + "-y", 0, "c");
        SourceUnderTest source = open("subscribe", "", "subscribePattern", topic + "-.", "failOnDataLoss", "false");
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
        SourceUnderTest without = open("subscribe", "", "assign", "{\"" + topic + "\":[0]}", "failOnDataLoss", "false");
        without.resumeAt(first.at(), first.seal().orElseThrow());
        send(topic, 0, "d");
        assertThat(SourceUnderTest.values(without.batch())).containsExactly("d");
        assertThat(without.at().json()).isEqualTo("{\"" + topic + "\":{\"0\":2,\"1\":2}}");
        assertThat(without.losses).isEmpty();
        SourceUnderTest again = open("subscribe", "", "assign", both, "failOnDataLoss", "false");
        again.resumeAt(without.at(), without.seal().orElseThrow());
        send(topic, 1, "e");
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("e");
    }

    @Test
    void anEndFixedForATopicThatIsCreatedAgainIsNotAskedOfTheNewOne() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 25);
        SourceUnderTest source = open("maxOffsetsPerTrigger", "10", "failOnDataLoss", "false");
        source.source.prepareForTriggerAvailableNow();
        source.fresh();
        assertThat(source.batch()).hasSize(10);
        topics.delete(topic);
        topics.create(topic, 1);
        sendMany(topic, 0, 3);
        assertThat(source.batch()).isEmpty();
        assertThat(source.losses).singleElement().satisfies(lost(10, -1));
        assertThat(source.batch()).hasSize(3);
        assertThat(source.at().json()).isEqualTo("{\"" + topic + "\":{\"0\":3}}");
        assertThat(source.batch()).isNull();
        assertThat(source.losses).hasSize(1);
    }

    @Test
    void offsetsAheadOfKafkaAreRefused() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 5);
        Offset ahead = new Offset("{\"" + topic + "\":{\"0\":50}}");
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
        topics.create(topic, 1);
        sendMany(topic, 0, 10);
        SourceUnderTest first = open().fresh();
        first.batch();
        sendMany(topic, 0, 10);
        Offset planned =
                first.source.latestOffset(first.at(), ReadLimit.SOURCE_DEFAULT).orElseThrow();
        topics.delete(topic);
        topics.create(topic, 1);
        sendMany(topic, 0, 30);
        SourceUnderTest again = open("failOnDataLoss", "false")
                .resumeAt(first.at(), first.seal().orElseThrow());
        String sealed = again.source.seal(planned).orElseThrow();
        assertThat(again.run(first.at(), planned, sealed)).isEmpty();
        assertThat(again.losses).singleElement().satisfies(lost(10, 20));
        again.resumeAt(planned, sealed);
        assertThat(again.batch()).as("logs that it starts over").isEmpty();
        assertThat(again.batch()).hasSize(30);
    }

    @Test
    void anErrorOfALogThatWasCutNamesTheWayOn() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 5);
        SourceUnderTest first = open().fresh();
        first.batch();
        Offset ahead = new Offset("{\"" + topic + "\":{\"0\":50}}");
        assertFails(
                ErrorCode.LOG_TRUNCATED,
                () -> open("failOnDataLoss", "false")
                        .resumeAt(ahead, first.seal().orElseThrow()),
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
