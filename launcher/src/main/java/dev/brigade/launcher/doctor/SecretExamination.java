package dev.brigade.launcher.doctor;

import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.doctor.Finding.Area;
import dev.brigade.launcher.host.SecretFile;
import dev.brigade.launcher.node.ClusterSecrets;
import dev.brigade.launcher.secret.SharedSecret;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Looks for the cluster's secret where a node does; shows none of it. */
final class SecretExamination {
  private SecretExamination() {}

  static Finding finding(BrigadeConfig config, Map<String, String> environment, SecretFile file) {
    if (config.node().secret().isPresent()) {
      return checked("node.secret of the config", config.node().secret().get());
    }
    if (environment.containsKey(ClusterSecrets.VARIABLE)) {
      return checked(ClusterSecrets.VARIABLE, environment.get(ClusterSecrets.VARIABLE));
    }
    try {
      Optional<String> written = file.read();
      return written.isPresent()
          ? checked(file.path() + ", which only its owner can read", written.get())
          : Finding.note(
              Area.SECRET, "secret", "none yet; the first brigade up writes " + file.path());
    } catch (IOException e) {
      return Finding.problem(
          Area.SECRET, "secret", e.getMessage(), "brigade up does not start until that is done");
    }
  }

  private static Finding checked(String source, String secret) {
    try {
      SharedSecret.check(secret);
      return Finding.ok(Area.SECRET, "secret", "from " + source);
    } catch (IllegalArgumentException e) {
      return Finding.problem(
          Area.SECRET,
          "secret",
          source + ": " + e.getMessage(),
          "brigade token makes a good one; all machines need the same");
    }
  }
}
