package io.tidemark.ops.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tidemark.api.error.ErrorCode;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.ObjectInputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Which way the house leans: this module sees all library modules, so the rules stand here. */
class LayeringTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tidemark");

    @Test
    void modulesLeanDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("api")
                .definedBy("io.tidemark.api..")
                .layer("log")
                .definedBy("io.tidemark.checkpoint..")
                .optionalLayer("state")
                .definedBy("io.tidemark.state..")
                .layer("runtime")
                .definedBy("io.tidemark.runtime..")
                .layer("connectors")
                .definedBy("io.tidemark.connectors..")
                .layer("ops")
                .definedBy("io.tidemark.ops..")
                .whereLayer("api")
                .mayNotAccessAnyLayer()
                .whereLayer("log")
                .mayOnlyAccessLayers("api")
                .whereLayer("state")
                .mayOnlyAccessLayers("api")
                .whereLayer("connectors")
                .mayOnlyAccessLayers("api")
                .whereLayer("runtime")
                .mayOnlyAccessLayers("api", "log", "state")
                .check(ALL);
    }

    @Test
    void theApiNeedsNothingButTheJdk() {
        noClasses()
                .that()
                .resideInAPackage("io.tidemark.api..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.tidemark.api..", "java..", "org.jspecify..")
                .check(ALL);
    }

    private static DescribedPredicate<JavaCall<?>> writesFiles() {
        return target(owner(assignableTo(Files.class)))
                .and(target(nameMatching("(write|writeString|newOutputStream|newBufferedWriter|newByteChannel|delete"
                        + "|deleteIfExists|move|copy|createFile|createDirectory|createDirectories|createLink"
                        + "|createSymbolicLink|createTempFile|createTempDirectory)")))
                .or(target(owner(assignableTo(FileOutputStream.class))).and(target(name("<init>"))))
                .or(target(owner(assignableTo(FileWriter.class))).and(target(name("<init>"))))
                .or(target(owner(assignableTo(RandomAccessFile.class))).and(target(name("<init>"))))
                .or(target(owner(assignableTo(FileChannel.class))).and(target(name("open"))))
                .as("writes a file")
                .forSubtype();
    }

    private static DescribedPredicate<JavaCall<?>> readsTheClock() {
        return target(owner(
                        nameMatching("java\\.time\\.(Instant|Local\\w+|Offset\\w+|Zoned\\w+|Clock|Year\\w*|MonthDay)")))
                .and(target(nameMatching("now|system\\w*")))
                .or(target(owner(assignableTo(System.class))).and(target(nameMatching("currentTimeMillis|nanoTime"))))
                .or(target(owner(assignableTo(java.util.Date.class))).and(target(name("<init>"))))
                .as("reads the clock")
                .forSubtype();
    }

    @Test
    void onlyTheFileLayerWritesFiles() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.tidemark.checkpoint.storage..",
                        "io.tidemark.ops..",
                        "io.tidemark.testkit..",
                        "io.tidemark.runtime.shuffle..", // spilled rows of a running batch, never read by a later
                        // process
                        "io.tidemark.connectors.kafkabroker..") // Kafka's own data, not a query's
                .and()
                .haveNameNotMatching("io\\.tidemark\\.state\\.rocksdb\\.LocalFolder(\\$.*)?") // where RocksDB itself
                // opens files: a cache, made anew from storage
                .should()
                .callCodeUnitWhere(writesFiles())
                .check(ALL);
    }

    @Test
    void onlySystemTimeReadsTheClock() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.tidemark.api.SystemTime")
                .and()
                .resideOutsideOfPackages("io.tidemark.connectors.kafkabroker..", "io.tidemark.ops.drill..")
                .should()
                .callCodeUnitWhere(readsTheClock())
                .check(ALL);
    }

    @Test
    void theRulesNoticeWhatTheyForbid() {
        assertThat(noClasses()
                        .that()
                        .resideInAPackage("io.tidemark.ops..")
                        .should()
                        .callCodeUnitWhere(writesFiles())
                        .evaluate(ALL)
                        .hasViolation())
                .isTrue();
        assertThat(noClasses()
                        .that()
                        .haveFullyQualifiedName("io.tidemark.api.SystemTime")
                        .should()
                        .callCodeUnitWhere(readsTheClock())
                        .evaluate(ALL)
                        .hasViolation())
                .isTrue();
    }

    @Test
    void nothingReadsJavaSerialisedObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .check(ALL);
        noClasses()
                .should()
                .callMethodWhere(target(nameMatching("(readObject|readUnshared|readResolve|deserialize)"))
                        .and(target(owner(nameMatching(
                                "java\\.io\\..*|org\\.apache\\.hadoop\\..*|org\\.apache\\.commons\\..*")))))
                .check(ALL);
    }

    /** Jackson builds the classes that a text names only if it is told to. */
    @Test
    void noTextNamesTheClassesThatAreBuiltFromIt() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(
                                nameMatching(
                                        "(enableDefaultTyping|activateDefaultTyping|activateDefaultTypingAsProperty|setDefaultTyping)")))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("com\\.fasterxml\\.jackson\\.annotation\\.JsonTypeInfo(\\$.*)?")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("org.yaml.snakeyaml..", "org.snakeyaml.engine.v2.constructor..")
                .check(ALL);
    }

    @Test
    void onlyMainClassesEndTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.tidemark.ops.cli.Tidemark")
                .and()
                .doNotHaveFullyQualifiedName("io.tidemark.connectors.kafkabroker.EmbeddedKafkaMain")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(ALL);
    }

    @Test
    void noErrorCodeSharesItsNumber() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number)).doesNotHaveDuplicates();
    }
}
