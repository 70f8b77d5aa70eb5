package io.tidemark.ops.bench.flink;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;

/** Of the amounts of (page, amount, time). */
final class CountAndSum
        implements AggregateFunction<Tuple3<String, Double, Long>, Tuple2<Long, Double>, Tuple2<Long, Double>> {
    private static final long serialVersionUID = 1;

    @Override
    public Tuple2<Long, Double> createAccumulator() {
        return Tuple2.of(0L, 0.0);
    }

    @Override
    public Tuple2<Long, Double> add(Tuple3<String, Double, Long> row, Tuple2<Long, Double> total) {
        total.f0 += 1;
        total.f1 += row.f1;
        return total;
    }

    @Override
    public Tuple2<Long, Double> getResult(Tuple2<Long, Double> total) {
        return total;
    }

    @Override
    public Tuple2<Long, Double> merge(Tuple2<Long, Double> a, Tuple2<Long, Double> b) {
        return Tuple2.of(a.f0 + b.f0, a.f1 + b.f1);
    }
}
