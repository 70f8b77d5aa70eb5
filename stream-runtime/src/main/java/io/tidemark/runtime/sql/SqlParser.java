package io.tidemark.runtime.sql;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.antlr.v4.runtime.tree.ParseTree;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedExpressionSeqContext;

/** Parses Spark SQL. Stateless, safe for use by many threads. */
public final class SqlParser {
    private SqlParser() {}

    /**
     * Parses a query; one semicolon may end it.
     *
     * @throws AnalysisException {@code SQL_SYNTAX} with line, column and token, or {@code SQL_UNSUPPORTED} naming the
     *     clause
     */
    public static LogicalPlan parseQuery(String sql) {
        return parse(
                sql, ErrorCode.SQL_SYNTAX, SqlBaseParser::singleStatement, tree -> new PlanBuilder().statement(tree));
    }

    /** Parses an expression, with or without alias. */
    public static Expression parseExpression(String sql) {
        return parse(sql, ErrorCode.SQL_SYNTAX, SqlBaseParser::singleExpression, tree -> new ExpressionBuilder()
                .named(tree.namedExpression()));
    }

    /** Parses {@code a.b}, {@code `a.b`}, {@code *} or {@code d.*}: a name, not an expression. */
    public static Expression parseColumnName(String name) {
        if (name.equals("*")) {
            return new Expression.Star(List.of(), Origin.NONE);
        } else if (name.endsWith(".*")) {
            return new Expression.Star(Names.ofColumn(name.substring(0, name.length() - 2)), Origin.NONE);
        }
        return new Expression.Attribute(Names.ofColumn(name), Origin.NONE);
    }

    /** Parses a select list: {@code "a, b AS c, *"}. */
    public static List<Expression> parseSelectList(String sql) {
        return parse(sql, ErrorCode.SQL_SYNTAX, SqlParser::selectList, tree -> new ExpressionBuilder().named(tree));
    }

    /** Parses a table definition ({@code a INT, b STRING NOT NULL}) or a type {@code STRUCT<…>}. */
    public static StructType parseSchema(String ddl) {
        DataType type = parseTypeOrSchema(ddl);
        if (type instanceof StructType struct) {
            return struct;
        }
        throw new AnalysisException(
                ErrorCode.INVALID_SCHEMA_TEXT,
                "'" + ddl.strip()
                        + "' is a type but no table definition. Write for instance 'id BIGINT, page STRING'.");
    }

    /** Parses a type, for instance {@code DECIMAL(10,2)} or {@code ARRAY<INT>}. */
    public static DataType parseType(String sql) {
        return parse(
                sql,
                ErrorCode.INVALID_SCHEMA_TEXT,
                SqlBaseParser::singleDataType,
                tree -> TypeBuilder.of(tree.dataType()));
    }

    /** Parses what {@code from_json} takes as its schema: a type of any kind, else a table definition. */
    public static DataType parseTypeOrSchema(String ddl) {
        try {
            return parse(
                    ddl,
                    ErrorCode.INVALID_SCHEMA_TEXT,
                    SqlBaseParser::singleTableSchema,
                    tree -> TypeBuilder.of(tree.colTypeList()));
        } catch (AnalysisException noTable) {
            try {
                return parseType(ddl);
            } catch (AnalysisException noType) {
                throw further(noTable, noType);
            }
        }
    }

    /** Returns the error that was met later in the text: that reading got further. */
    private static AnalysisException further(AnalysisException first, AnalysisException second) {
        Origin a = first.origin();
        Origin b = second.origin();
        return b.line() > a.line() || (b.line() == a.line() && b.column() > a.column()) ? second : first;
    }

    private static NamedExpressionSeqContext selectList(SqlBaseParser parser) {
        NamedExpressionSeqContext tree = parser.namedExpressionSeq();
        if (parser.getCurrentToken().getType() != Token.EOF) {
            throw new SyntaxErrors(ErrorCode.SQL_SYNTAX).at(parser.getCurrentToken(), "");
        }
        return tree;
    }

    private static <T extends ParseTree, R> R parse(
            String text, ErrorCode errors, Function<SqlBaseParser, T> rule, Function<T, R> build) {
        if (NestedComments.depthOf(text) > NestedComments.MOST) {
            throw new AnalysisException(
                    errors,
                    "Comments stand in comments more than " + NestedComments.MOST
                            + " levels deep, or are not closed. Close each /* with */.");
        }
        try {
            return parseNested(text, errors, rule, build);
        } catch (StackOverflowError e) { // the parser's own recursion, which leaves nothing half done
            throw tooDeep(errors);
        }
    }

    private static AnalysisException tooDeep(ErrorCode errors) {
        return new AnalysisException(
                errors, "The text is nested too deeply to be parsed. Write it with fewer parentheses and operators.");
    }

    private static <T extends ParseTree, R> R parseNested(
            String text, ErrorCode errors, Function<SqlBaseParser, T> rule, Function<T, R> build) {
        SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(text)));
        SyntaxErrors listener = new SyntaxErrors(errors);
        lexer.removeErrorListeners();
        lexer.addErrorListener(listener);
        CommonTokenStream tokens = new CommonTokenStream(lexer);
        tokens.fill();
        if (lexer.has_unclosed_bracketed_comment) {
            throw new AnalysisException(errors, "A comment that starts with /* is not closed. Add */ at its end.");
        }
        SqlBaseParser parser = new SqlBaseParser(tokens);
        parser.SQL_standard_keyword_behavior = false;
        parser.removeErrorListeners();
        parser.addErrorListener(listener);
        T tree;
        try {
            // the fast strategy reads every correct text but cannot say what is wrong with another
            parser.setErrorHandler(new BailErrorStrategy());
            parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
            tree = rule.apply(parser);
        } catch (ParseCancellationException e) {
            parser.reset();
            parser.setErrorHandler(new DefaultErrorStrategy());
            parser.getInterpreter().setPredictionMode(PredictionMode.LL);
            tree = rule.apply(parser);
        }
        if (TreeDepth.isTooDeep(tree)) {
            throw tooDeep(errors);
        }
        return build.apply(tree);
    }
}
