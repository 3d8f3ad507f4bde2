package dev.brigade.launcher.host;

import dev.brigade.launcher.secret.ClusterToken;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The cluster secret of a user who has put none into the config. */
public final class SecretFile {
  private final Path file;

  /**
   * @param folder the user's config folder
   */
  public SecretFile(Path folder) {
    file = folder.resolve("secret");
  }

  /** Where it is or will be. */
  public Path path() {
    return file;
  }

  /**
   * The secret, if there is one.
   *
   * @throws IOException if it cannot be read, is empty, or others may read it
   */
  public Optional<String> read() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (posix()) {
      Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      others.removeIf(permission -> permission.name().startsWith("OWNER"));
      if (!others.isEmpty()) {
        throw new IOException(
            file + " can be used by other users; make it yours alone: chmod 600 " + file);
      }
    }
    String secret = Files.readString(file).strip();
    if (secret.isEmpty()) {
      throw new IOException(file + " is empty; delete it, and a new secret is made");
    }
    return Optional.of(secret);
  }

  /** Makes a random secret and writes it so that only its owner can read it. */
  public String create() throws IOException {
    Files.createDirectories(file.getParent());
    String secret = ClusterToken.make();
    FileAttribute<?>[] ownerOnly =
        posix()
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      Files.createFile(file, ownerOnly);
    } catch (FileAlreadyExistsException e) {
      return read().orElseThrow(() -> e);
    }
    Files.writeString(file, secret + "\n", StandardOpenOption.WRITE);
    return secret;
  }

  private static boolean posix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
