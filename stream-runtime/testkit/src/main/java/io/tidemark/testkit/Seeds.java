package io.tidemark.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Runs a parameterised test with {@code value} seeds drawn from a fixed start, so that each run tries the same. The seed
 * is the test's argument and stands in its name, so a failing one is printed; {@code -Dtidemark.seed=S} runs that alone,
 * {@code -Dtidemark.full=true} twenty times as many.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(SeedArguments.class)
public @interface Seeds {
    int value();
}
