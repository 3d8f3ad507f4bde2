package dev.brigade.spi.partition;

import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Shard;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Who holds what. Never changes; two plans with the same id are the same plan.
 *
 * @param id hash of everything else
 * @param model the model
 * @param stages in order, covering all layers without gap or overlap, each on another node
 */
public record Plan(String id, ModelRef model, List<Stage> stages) {
  public Plan {
    stages = List.copyOf(stages);
    int next = 0;
    for (Stage stage : stages) {
      if (stage.first() != next || stage.last() <= next) {
        throw new IllegalArgumentException(
            "stage on "
                + stage.node()
                + " has layers ["
                + stage.first()
                + ", "
                + stage.last()
                + "), expected them to start at "
                + next);
      }
      next = stage.last();
    }
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a plan needs a stage");
    }
    long nodes = stages.stream().map(Stage::node).distinct().count();
    if (nodes != stages.size()) {
      throw new IllegalArgumentException("a node occurs twice in a plan: " + stages);
    }
    if (!id.equals(idOf(model, stages))) {
      throw new IllegalArgumentException("plan id " + id + " is not the hash of its content");
    }
  }

  /** A plan under the id that its content has. */
  public static Plan of(ModelRef model, List<Stage> stages) {
    return new Plan(idOf(model, stages), model, stages);
  }

  /** Layers of the whole model. */
  public int layers() {
    return stages.get(stages.size() - 1).last();
  }

  /** The shard of one stage. */
  public Shard shard(int stage) {
    Stage part = stages.get(stage);
    return new Shard(model, part.first(), part.last(), layers());
  }

  private static String idOf(ModelRef model, List<Stage> stages) {
    StringBuilder text = new StringBuilder(model.id()).append('\n').append(model.fingerprint());
    for (Stage stage : stages) {
      text.append('\n').append(stage.node()).append(' ').append(stage.engine());
      text.append(' ').append(stage.first()).append(' ').append(stage.last());
      text.append(' ').append(stage.precision()).append(' ').append(stage.output());
    }
    try {
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
