package io.tidemark.runtime.analysis;

import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.aggregate.AggregateFunctions;
import io.tidemark.runtime.expression.FunctionRegistry;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.sql.SqlParser;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Views over streams of given schemas. Names are matched without regard to case, as in a session. */
public final class TestCatalog {
    private final TreeMap<String, LogicalPlan> views = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final TreeMap<Long, StructType> schemas = new TreeMap<>();
    private final FunctionRegistry functions;

    public TestCatalog(FunctionRegistry functions) {
        this.functions = functions;
    }

    /** Adds a stream of its own under {@code name}. */
    public TestCatalog stream(String name, String ddl) {
        long id = 100 - schemas.size(); // falling, so that no test passes because numbers happen to follow ids
        schemas.put(id, SqlParser.parseSchema(ddl));
        views.put(name, new LogicalPlan.StreamRead(id, "memory", new TreeMap<>(), null));
        return this;
    }

    public TestCatalog view(String name, String sql) {
        views.put(name, SqlParser.parseQuery(sql));
        return this;
    }

    public TestCatalog plan(String name, LogicalPlan plan) {
        views.put(name, plan);
        return this;
    }

    public LogicalPlan plan(String name) {
        return views.get(name);
    }

    public AnalysisContext context() {
        return new AnalysisContext(
                name -> Optional.ofNullable(views.get(name)),
                new ArrayList<>(views.keySet()),
                read -> schemas.get(read.relationId()),
                true,
                ZoneId.of("Europe/Berlin"),
                functions,
                AggregateFunctions.registry());
    }

    public BoundPlan analyze(String sql) {
        return Analyzer.analyze(SqlParser.parseQuery(sql), context());
    }

    public List<String> columns(String sql) {
        return analyze(sql).schema().fieldNames();
    }
}
