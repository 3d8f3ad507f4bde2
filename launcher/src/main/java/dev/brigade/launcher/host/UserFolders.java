package dev.brigade.launcher.host;

import java.nio.file.Path;

/**
 * Where a user's own files lie.
 *
 * @param config what people write: config file and secret
 * @param cache what can be made again
 */
public record UserFolders(Path config, Path cache) {

  /** Below a home folder. */
  public static UserFolders below(Path home) {
    return new UserFolders(
        home.resolve(".config").resolve("brigade"), home.resolve(".cache").resolve("brigade"));
  }

  /** Those of whoever runs this process. */
  public static UserFolders ofThisUser() {
    return below(Path.of(System.getProperty("user.home")));
  }
}
