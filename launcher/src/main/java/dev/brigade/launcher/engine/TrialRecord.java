package dev.brigade.launcher.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What trials on a machine came to, kept in a file so that they are made once.
 *
 * @param time when they were made
 * @param trials in order of preference
 */
record TrialRecord(Instant time, List<EngineTrial> trials) {
  /** After this, what failed may have been put right. */
  private static final Duration FAILURES_HOLD = Duration.ofDays(1);

  private static final ObjectMapper JSON = new ObjectMapper();

  TrialRecord {
    trials = List.copyOf(trials);
  }

  /**
   * The file's record, if it still holds.
   *
   * @param now the time
   */
  static Optional<TrialRecord> read(Path file, Instant now) {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      List<EngineTrial> trials = new ArrayList<>();
      json.path("trials").forEach(trial -> trials.add(TrialJson.trial(trial)));
      TrialRecord record = new TrialRecord(Instant.parse(json.path("time").asText()), trials);
      return Optional.of(record).filter(found -> found.holds(now));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      // There is none, or a file that somebody else wrote: trying again makes a good one.
      return Optional.empty();
    }
  }

  private boolean holds(Instant now) {
    boolean failures = trials.stream().anyMatch(EngineTrial.Failed.class::isInstance);
    return !trials.isEmpty() && !(failures && now.isAfter(time.plus(FAILURES_HOLD)));
  }

  /** Writes the file, at once or not at all. */
  void write(Path file, TrialMachine machine) throws IOException {
    Files.createDirectories(file.getParent());
    ObjectNode json = JSON.createObjectNode().put("time", time.toString());
    machine.facts().forEach(json.putArray("machine")::add);
    trials.stream().map(TrialJson::of).forEach(json.putArray("trials")::add);
    Path part = Files.createTempFile(file.getParent(), "trials", ".part");
    try {
      JSON.writerWithDefaultPrettyPrinter().writeValue(part.toFile(), json);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
