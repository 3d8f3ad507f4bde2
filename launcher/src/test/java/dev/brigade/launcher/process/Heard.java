package dev.brigade.launcher.process;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Counts what several streams bring, so that something can happen at a moment among them. */
final class Heard {
  static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "client");
            thread.setDaemon(true);
            return thread;
          });

  private final Semaphore tokens = new Semaphore(0);

  void token() {
    tokens.release();
  }

  void awaitTokens(int count) throws InterruptedException {
    if (!tokens.tryAcquire(count, 60, TimeUnit.SECONDS)) {
      throw new AssertionError("only " + tokens.availablePermits() + " of " + count + " tokens");
    }
  }
}
