package io.tidemark.testkit;

/** The process died here. Nothing may catch it and go on; what was durable stays, the rest is gone. */
public final class SimulatedCrash extends RuntimeException {
    public SimulatedCrash(String where) {
        super("simulated crash " + where);
    }
}
