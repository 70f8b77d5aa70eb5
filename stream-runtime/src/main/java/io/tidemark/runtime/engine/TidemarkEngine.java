package io.tidemark.runtime.engine;

import io.tidemark.api.Engine;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.Durations;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.streaming.StreamWrite;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.runtime.aggregate.AggregateFunctions;
import io.tidemark.runtime.analysis.AnalysisContext;
import io.tidemark.runtime.analysis.Analyzer;
import io.tidemark.runtime.analysis.OutputModeCheck;
import io.tidemark.runtime.batch.QueryStarter;
import io.tidemark.runtime.conf.QueryConf;
import io.tidemark.runtime.expression.FunctionRegistry;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import io.tidemark.runtime.operator.PhysicalPlan;
import io.tidemark.runtime.operator.PhysicalPlanner;
import io.tidemark.runtime.optimizer.Optimizer;
import io.tidemark.runtime.optimizer.PlanPrinter;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.sql.SqlParser;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The one implementation of {@link Engine}. Immutable. */
public final class TidemarkEngine implements Engine {
    private final Providers providers = Providers.load();
    private final FunctionRegistry functions = BuiltinFunctions.registry();

    /** For {@link java.util.ServiceLoader}. */
    public TidemarkEngine() {}

    @Override
    public LogicalPlan parseQuery(String sql) {
        return SqlParser.parseQuery(sql);
    }

    @Override
    public Expression parseExpression(String sql) {
        return SqlParser.parseExpression(sql);
    }

    @Override
    public Expression parseColumnName(String name) {
        return SqlParser.parseColumnName(name);
    }

    @Override
    public List<Expression> parseSelectList(String sql) {
        return SqlParser.parseSelectList(sql);
    }

    @Override
    public StructType parseSchema(String ddl) {
        return SqlParser.parseSchema(ddl);
    }

    @Override
    public DataType parseType(String sql) {
        return SqlParser.parseType(sql);
    }

    @Override
    public long parseDurationMillis(String text) {
        return Durations.parseMillis(text);
    }

    @Override
    public StructType schemaOf(LogicalPlan plan, TidemarkSession session) {
        return analyze(plan, session, QueryConf.of(session.conf())).schema();
    }

    @Override
    public String explain(LogicalPlan plan, TidemarkSession session, boolean extended) {
        QueryConf conf = QueryConf.of(session.conf());
        BoundPlan analyzed = analyze(plan, session, conf);
        return explain(analyzed, OutputMode.APPEND, extended, OptionalInt.of(QueryStarter.partitions(conf)));
    }

    private static String explain(BoundPlan analyzed, OutputMode mode, boolean extended, OptionalInt partitions) {
        BoundPlan optimized = Optimizer.optimize(analyzed);
        StringBuilder out = new StringBuilder();
        if (extended) {
            out.append("== Analyzed Logical Plan ==\n")
                    .append(PlanPrinter.print(analyzed))
                    .append('\n');
            out.append("== Optimized Logical Plan ==\n")
                    .append(PlanPrinter.print(optimized))
                    .append('\n');
        }
        return out.append("== Physical Plan ==\n")
                .append(PhysicalPlanner.plan(optimized, mode).describe(partitions))
                .toString();
    }

    private BoundPlan analyze(LogicalPlan plan, TidemarkSession session, QueryConf conf) {
        List<String> viewNames = new ArrayList<>();
        session.viewNames().forEach(viewNames::add);
        return Analyzer.analyze(
                plan,
                new AnalysisContext(
                        session::view,
                        viewNames,
                        this::schemaOf,
                        conf.ansi(),
                        conf.timeZone(),
                        functions,
                        AggregateFunctions.registry()));
    }

    private StructType schemaOf(LogicalPlan.StreamRead read) {
        return providers.source(read.format()).schema(new Options(read.options()), read.schema());
    }

    @Override
    public StreamingQuery start(StreamWrite write, TidemarkSession session) {
        QueryConf conf = QueryConf.of(session.conf());
        BoundPlan analyzed = analyze(write.plan(), session, conf);
        OutputModeCheck.check(analyzed, write.outputMode());
        BoundPlan optimized = Optimizer.optimize(analyzed);
        OutputModeCheck.checkEventTimes(optimized);
        PhysicalPlan plan = PhysicalPlanner.plan(optimized, write.outputMode());
        List<SourceProvider> sources = plan.sources().stream()
                .map(slot -> providers.source(slot.relation().format()))
                .toList();
        StorageProvider storages = session.storages().orElseGet(StorageProviders::new);
        return new QueryStarter(
                        write,
                        plan,
                        sources,
                        providers.sink(write.format()),
                        conf,
                        session.time(),
                        session.streams(),
                        storages,
                        (extended, partitions) -> explain(analyzed, write.outputMode(), extended, partitions))
                .start();
    }
}
