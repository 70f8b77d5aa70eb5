package io.tidemark.ops.bench.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Count and sum by user: each row changes its user's state, and the new value goes on. */
final class UserTotals extends KeyedProcessFunction<String, Tuple2<String, Double>, Tuple2<Long, Double>> {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("NullAway.Init") // Flink calls open first
    private transient ValueState<Tuple2<Long, Double>> totals;

    @Override
    public void open(OpenContext context) {
        totals = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("totals", Types.TUPLE(Types.LONG, Types.DOUBLE)));
    }

    @Override
    public void processElement(Tuple2<String, Double> row, Context context, Collector<Tuple2<Long, Double>> out)
            throws Exception {
        Tuple2<Long, Double> total = totals.value();
        if (total == null) {
            total = Tuple2.of(0L, 0.0);
        }
        total.f0 += 1;
        total.f1 += row.f1;
        totals.update(total);
        out.collect(total);
    }
}
