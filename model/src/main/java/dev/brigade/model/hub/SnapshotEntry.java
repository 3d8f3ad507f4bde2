package dev.brigade.model.hub;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Makes a blob appear under its name in a snapshot. */
final class SnapshotEntry {
  private static final System.Logger LOG = System.getLogger(SnapshotEntry.class.getName());

  private SnapshotEntry() {}

  /** One way to do it. */
  @FunctionalInterface
  interface Way {
    void make(Path entry, Path blob) throws IOException;
  }

  /** A link relative to the entry, so that the cache can be moved. */
  static void symbolicLink(Path entry, Path blob) throws IOException {
    Files.createSymbolicLink(entry, entry.getParent().relativize(blob));
  }

  /** The same file under a second name; Windows allows it where it wants rights for a symlink. */
  static void hardLink(Path entry, Path blob) throws IOException {
    Files.createLink(entry, blob);
  }

  /** Other bytes; where nothing else is possible. */
  static void copy(Path entry, Path blob) throws IOException {
    Path fresh = Files.createTempFile(entry.getParent(), ".entry", ".tmp");
    try {
      Files.copy(blob, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, entry, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Makes an entry in the first way that works; one that is there is left, if it leads somewhere.
   */
  static void make(Path entry, Path blob) throws HubException {
    make(
        entry,
        blob,
        List.of(SnapshotEntry::symbolicLink, SnapshotEntry::hardLink, SnapshotEntry::copy));
  }

  static void make(Path entry, Path blob, List<Way> ways) throws HubException {
    try {
      Files.createDirectories(entry.getParent());
      if (Files.exists(entry)) {
        return;
      }
      // A link to a blob that somebody has deleted.
      Files.deleteIfExists(entry);
    } catch (IOException e) {
      throw Disk.failure(entry, "written", e);
    }
    for (int i = 0; i < ways.size(); i++) {
      try {
        ways.get(i).make(entry, blob);
        return;
      } catch (FileAlreadyExistsException e) {
        // Another thread or process has made it meanwhile.
        return;
      } catch (IOException | UnsupportedOperationException e) {
        boolean last = i + 1 == ways.size();
        if (last) {
          throw Disk.failure(entry, "written", e instanceof IOException io ? io : wrapped(e));
        }
        LOG.log(System.Logger.Level.DEBUG, "{0} is made in another way: {1}", entry, e);
      }
    }
  }

  private static IOException wrapped(Exception cause) {
    return new IOException(cause.getMessage(), cause);
  }
}
