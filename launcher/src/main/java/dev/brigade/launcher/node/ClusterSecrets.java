package dev.brigade.launcher.node;

import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.host.SecretFile;
import dev.brigade.launcher.secret.SharedSecret;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Where a node has its cluster's secret from: command line, config, environment, user's file. */
public final class ClusterSecrets {
  /** The environment variable that is looked at where the config has no secret. */
  public static final String VARIABLE = "BRIGADE_SECRET";

  private ClusterSecrets() {}

  /**
   * Finds the secret, or makes one and tells how to give it to the other machines.
   *
   * @param joining what was given on the command line, which goes before all else
   * @throws IOException if the user's file cannot be read or written, or others may read it
   * @throws ConfigException if it is a garbled token, or a passphrase too short
   */
  public static String findOrMake(
      Optional<String> joining,
      BrigadeConfig config,
      Map<String, String> environment,
      SecretFile file,
      Consumer<String> printer)
      throws IOException, ConfigException {
    if (joining.isPresent()) {
      return checked("--join", joining.get());
    }
    if (config.node().secret().isPresent()) {
      return checked("node.secret", config.node().secret().get());
    }
    if (environment.containsKey(VARIABLE)) {
      return checked(VARIABLE, environment.get(VARIABLE));
    }
    Optional<String> written = file.read();
    if (written.isPresent()) {
      return checked(file.path().toString(), written.get());
    }
    String made = file.create();
    List.of(
            "secret   written to " + file.path() + "; on each other machine, before its up:",
            "         export " + VARIABLE + "=" + made)
        .forEach(printer);
    return made;
  }

  private static String checked(String source, String secret) throws ConfigException {
    try {
      SharedSecret.check(secret);
      return secret;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(source, e.getMessage());
    }
  }
}
