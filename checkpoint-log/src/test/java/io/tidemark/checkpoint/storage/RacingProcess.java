package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;

/** A process that tries to create many files exclusively, once it is told to start, and prints how many it got. */
final class RacingProcess {
    private RacingProcess() {}

    public static void main(String[] args) throws Exception {
        Storage storage = LocalStorage.create().withTemporaryDirectory(args[0], args[0] + "/_tidemark/tmp");
        int files = Integer.parseInt(args[1]);
        byte[] content = args[2].getBytes(StandardCharsets.UTF_8);
        storage.createExclusive(args[0] + "/ready/" + args[2], content);
        System.out.println("ready");
        System.in.read();
        int won = 0;
        for (int i = 0; i < files; i++) {
            try {
                storage.createExclusive(args[0] + "/race/" + i, content);
                won++;
            } catch (FileAlreadyExistsException e) {
                continue;
            }
        }
        System.out.println(won);
    }
}
