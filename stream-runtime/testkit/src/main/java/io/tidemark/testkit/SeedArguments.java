package io.tidemark.testkit;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Gives the seeds that {@link Seeds} asks for. */
final class SeedArguments implements ArgumentsProvider {
    private static final int FULL_FACTOR = 20;
    private static final long START = 20_260_101L;

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        String chosen = System.getProperty("tidemark.seed");
        if (chosen != null) {
            return Stream.of(Arguments.of(Long.parseLong(chosen)));
        }
        int count = context.getRequiredTestMethod().getAnnotation(Seeds.class).value()
                * (Boolean.getBoolean("tidemark.full") ? FULL_FACTOR : 1);
        Random random = new Random(START);
        return Stream.generate(() -> Arguments.of(random.nextLong())).limit(count);
    }
}
