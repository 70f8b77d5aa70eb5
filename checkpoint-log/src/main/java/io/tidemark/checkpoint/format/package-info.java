/**
 * The bytes of every control file and the records they stand for, with no file access of its own. What Spark knows is
 * Spark's, byte for byte; the sidecar's files are ours.
 *
 * <pre>
 * metadata               {"id":"<i>uuid</i>"}
 * offsets/N              v1 LF {"batchWatermarkMs":0,"batchTimestampMs":0,"conf":{}} *( LF <i>offset</i> | LF - )
 * commits/N              v1 LF {"nextBatchWatermarkMs":0}         v2 with "stateUniqueIds"
 * _tidemark/epoch/E      {"kind":"epoch","version":1,"epoch":1,"host":"","pid":1,"startedAt":0,"attemptUuid":"",<i>crc</i>}
 * _tidemark/sealed/N     {"kind":"sealed","version":1,<i>head</i>,"epoch":1,"attemptUuid":"","metadata":<i>digest</i>,
 *                         "previousCommit":<i>digest</i>,"sourceSeals":["…",null],"plan":{"sources":[],"operators":[],
 *                         "outputMode":"","timeZone":"","ansi":true},<i>crc</i>}
 * _tidemark/prepared/N   {"kind":"prepared","version":1,<i>head</i>,"attempt":0,"epoch":1,"attemptUuid":"",
 *                         "stateFiles":[{"staged":"","target":"","digest":<i>digest</i>}],"sinkToken":"",
 *                         "commit":"<i>content of commits/N</i>","commitDigest":<i>digest</i>,"operatorWatermarks":[],
 *                         "rowCounts":{},"losses":[],"tableId":"","tableMetadataHash":"",<i>crc</i>}
 * _tidemark/loss/N       {"kind":"loss","version":1,<i>head</i>,"losses":[{"topic":"","partition":0,"from":0,"until":1,
 *                         "rows":1,"cause":""}],<i>crc</i>}
 * _tidemark/loss/0-K     {"kind":"losses","version":1,<i>head</i>,"records":[{<i>head</i>,"losses":[…]}],<i>crc</i>}
 *                        in place of every loss/N up to K
 *
 * head   = "queryId":"<i>uuid</i>","batchId":N,"offsets":<i>digest of offsets/N</i>
 * digest = {"length":783,"crc32c":"89abcdef"}
 * crc    = "crc32c":"89abcdef", over all bytes before the comma in front of it
 * </pre>
 *
 * No file ends in LF. {@link io.tidemark.checkpoint.format.OffsetFile}, {@link io.tidemark.checkpoint.format.CommitFile},
 * {@link io.tidemark.checkpoint.format.MetadataFile} and {@link io.tidemark.checkpoint.format.SidecarFile} read and write
 * them; {@code checkpoint-log} alone depends on them, others on the records.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.checkpoint.format;
