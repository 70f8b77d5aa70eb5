/** The engine behind the API: finds connectors, analyses, explains, and starts queries. */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.engine;
