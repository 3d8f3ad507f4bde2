package dev.brigade.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room in the cache, and what is said when there is none. */
final class Disk {
  /** Left for everybody else. */
  private static final long RESERVE = 64L << 20;

  private Disk() {}

  /**
   * Returns if there is room.
   *
   * @param what takes it, for the message
   * @param bytes that are still to be written
   */
  static void requireRoom(Path cache, String what, long bytes) throws HubException {
    if (bytes <= 0) {
      return;
    }
    try {
      Files.createDirectories(cache);
      long free = Files.getFileStore(cache).getUsableSpace();
      if (bytes > free - RESERVE) {
        throw new HubException(
            HubException.Kind.DISK,
            ("%s takes %d MiB more, but only %d MiB are free at %s; make room, or set "
                    + "HF_HUB_CACHE to a folder elsewhere")
                .formatted(what, (bytes >> 20) + 1, free >> 20, cache));
      }
    } catch (IOException e) {
      throw failure(cache, "written", e);
    }
  }

  /**
   * The error for a file that cannot be used.
   *
   * @param done what cannot be done with it: "read", "written"
   */
  static HubException failure(Path file, String done, IOException cause) {
    return new HubException(
        HubException.Kind.DISK,
        "%s cannot be %s: %s; make room or give access, or set HF_HUB_CACHE to a folder elsewhere"
            .formatted(file, done, reason(cause)),
        cause);
  }

  private static String reason(IOException cause) {
    return cause instanceof java.nio.file.AccessDeniedException
        ? "access is denied"
        : String.valueOf(cause.getMessage());
  }
}
