package dev.brigade.launcher.doctor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.launcher.doctor.Finding.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All that was found. */
public record Examination(List<Finding> findings) {
  public Examination {
    findings = List.copyOf(findings);
  }

  /** Whether a node could run here. */
  public boolean healthy() {
    return findings.stream().noneMatch(finding -> finding.status() == Status.PROBLEM);
  }

  /** As lines for a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    Finding.Area area = null;
    for (Finding finding : findings) {
      if (finding.area() != area) {
        area = finding.area();
        lines.add(area.name().toLowerCase(Locale.ROOT));
      }
      lines.add(String.format("  %-2s %-14s %s", mark(finding), finding.subject(), finding.text()));
      finding.remedy().ifPresent(remedy -> lines.add(" ".repeat(20) + "-> " + remedy));
    }
    long problems = findings.stream().filter(each -> each.status() == Status.PROBLEM).count();
    lines.add(
        problems == 0
            ? "a node can run here: brigade up"
            : "a node cannot run here: " + problems + (problems == 1 ? " problem" : " problems"));
    return lines;
  }

  private static String mark(Finding finding) {
    return switch (finding.status()) {
      case OK -> "ok";
      case NOTE -> "-";
      case PROBLEM -> "!!";
    };
  }

  /** As one object. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("can_run", healthy());
    var list = json.putArray("findings");
    for (Finding finding : findings) {
      list.addObject()
          .put("area", finding.area().name().toLowerCase(Locale.ROOT))
          .put("subject", finding.subject())
          .put("status", finding.status().name().toLowerCase(Locale.ROOT))
          .put("text", finding.text())
          .put("remedy", finding.remedy().orElse(null));
    }
    return json;
  }
}
