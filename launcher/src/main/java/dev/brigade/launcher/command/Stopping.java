package dev.brigade.launcher.command;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * The end of a process that runs until it is told to stop, by SIGTERM, SIGINT, or the end of its
 * stdin. What it has is closed then, and the exit status is 0: it did what it was asked to.
 */
final class Stopping {
  private final CountDownLatch never = new CountDownLatch(1);

  /** Closes something before the process ends. */
  void closeAtEnd(AutoCloseable resource) {
    Thread closing =
        new Thread(
            () -> {
              try {
                resource.close();
              } catch (Exception e) {
                System.getLogger(Stopping.class.getName())
                    .log(System.Logger.Level.WARNING, "not closed in order", e);
              }
              Runtime.getRuntime().halt(0);
            },
            "brigade-stopping");
    Runtime.getRuntime().addShutdownHook(closing);
  }

  /**
   * Ends the process when its stdin does. A parent that holds the other end need not do anything
   * for it: even if it is killed, the end comes.
   */
  void whenStdinEnds() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  continue;
                }
              } catch (IOException e) {
                // A pipe that broke has ended, too.
              }
              System.exit(0);
            },
            "brigade-parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  /** Waits for ever. */
  void await() throws InterruptedException {
    never.await();
  }
}
