package dev.brigade.model.hub;

import java.net.URI;
import java.nio.file.Path;

/** Fetches the test hub's model in a process of its own. */
final class FetchProcess {
  private FetchProcess() {}

  /** Arguments: address of the hub, folder of the cache. */
  public static void main(String... arguments) throws HubException {
    new HubUser(URI.create(arguments[0]), Path.of(arguments[1])).fetch();
  }

  static Process start(URI hub, Path cache) throws java.io.IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            FetchProcess.class.getName(),
            hub.toString(),
            cache.toString())
        .inheritIO()
        .start();
  }
}
