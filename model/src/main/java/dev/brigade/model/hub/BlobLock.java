package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Held by the one download of a blob on this machine. Among processes it is the operating system's
 * lock on a file, which ends with its process; among threads, which that lock does not part, it is
 * a semaphore. The file stays: removing it would let two hold it.
 */
final class BlobLock {
  private static final System.Logger LOG = System.getLogger(BlobLock.class.getName());
  private static final Map<Path, Semaphore> THREADS = new ConcurrentHashMap<>();

  private final Semaphore threads;
  private final Optional<FileChannel> channel;

  private BlobLock(Semaphore threads, Optional<FileChannel> channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @param meanwhile run now and then while somebody else holds it
   */
  static BlobLock acquire(Path file, Pause pause, Runnable meanwhile, Cancellation cancel)
      throws HubException {
    Semaphore threads =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new Semaphore(1));
    while (!threads.tryAcquire()) {
      meanwhile.run();
      pause.await(Pause.GLANCE, cancel);
    }
    try {
      return new BlobLock(threads, lockFile(file, pause, meanwhile, cancel));
    } catch (HubException | RuntimeException e) {
      threads.release();
      throw e;
    }
  }

  private static Optional<FileChannel> lockFile(
      Path file, Pause pause, Runnable meanwhile, Cancellation cancel) throws HubException {
    FileChannel channel;
    try {
      Files.createDirectories(file.getParent());
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw Disk.failure(file, "written", e);
    }
    try {
      while (!isLocked(channel)) {
        meanwhile.run();
        pause.await(Pause.GLANCE, cancel);
      }
      return Optional.of(channel);
    } catch (IOException e) {
      // Some network file systems have no locks; what is downloaded twice is still checked.
      LOG.log(System.Logger.Level.DEBUG, "{0} cannot be locked: {1}", file, e.getMessage());
      close(channel);
      return Optional.empty();
    } catch (HubException | RuntimeException e) {
      close(channel);
      throw e;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Held by this process, by a copy of this class in another class loader.
      return false;
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a lock was not given back in order", e);
    }
  }

  /** Lets the next one in. */
  void close() {
    channel.ifPresent(BlobLock::close);
    threads.release();
  }
}
