package dev.brigade.launcher.node;

import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.host.SecretFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Where a node has its cluster's secret from: config, environment, the user's file. */
public final class ClusterSecrets {
  /** The environment variable that is looked at where the config has no secret. */
  public static final String VARIABLE = "BRIGADE_SECRET";

  private ClusterSecrets() {}

  /**
   * Finds the secret, or makes one and tells how to give it to the other machines.
   *
   * @throws IOException if the user's file cannot be read or written, or others may read it
   */
  public static String findOrMake(
      BrigadeConfig config,
      Map<String, String> environment,
      SecretFile file,
      Consumer<String> printer)
      throws IOException {
    Optional<String> given =
        config.node().secret().or(() -> Optional.ofNullable(environment.get(VARIABLE)));
    if (given.isPresent()) {
      return given.get();
    }
    Optional<String> written = file.read();
    if (written.isPresent()) {
      return written.get();
    }
    String made = file.create();
    List.of(
            "secret   written to " + file.path() + "; on each other machine, before its up:",
            "         export " + VARIABLE + "=" + made)
        .forEach(printer);
    return made;
  }
}
