package io.tidemark.ops.drill;

/** How far a batch had come when its process died: what is durable, and so what the next start has to do. */
public enum RecoveryWindow {
    W0("nothing is there"),
    W1("an epoch was claimed, no batch planned"),
    W2("offsets/N is there, nothing staged"),
    W3("files of batch N are staged, prepared/N is missing"),
    W4("prepared/N is there, the table does not have batch N"),
    W5("the commit of batch N was being published"),
    W6("the table has batch N, commits/N is missing"),
    W7("commits/N is there");

    private final String meaning;

    RecoveryWindow(String meaning) {
        this.meaning = meaning;
    }

    /** Returns what the window means, in a few words. */
    public String meaning() {
        return meaning;
    }
}
