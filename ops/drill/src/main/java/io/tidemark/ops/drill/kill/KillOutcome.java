package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.RecoveryWindow;
import io.tidemark.ops.drill.report.DrillReport;
import java.util.List;

/** What a kill drill found, as a report and as a page. */
public final class KillOutcome {
    private final DrillReport report;
    private final Deaths deaths;
    private final Recoveries recoveries;

    KillOutcome(DrillReport report, Deaths deaths, Recoveries recoveries) {
        this.report = report;
        this.deaths = deaths;
        this.recoveries = recoveries;
    }

    public DrillReport report() {
        return report;
    }

    /** Returns how many processes died in a window, of those that moved something on. */
    public int deathsIn(RecoveryWindow window) {
        return deaths.seen(window);
    }

    /** Returns how long it took to the first new commit, as bars of text, a line for each step. */
    public List<String> bars() {
        return recoveries.bars();
    }

    /** Returns a page with plots, as HTML that needs nothing else. */
    public String page() {
        return KillPage.of(report, deaths, recoveries);
    }
}
