package dev.brigade.transport.vertx;

import io.vertx.core.Context;

/** The one thread on which links, exchanges and the listener live. */
final class Loop {
  private final Context context;
  private final System.Logger logger;

  Loop(Context context, System.Logger logger) {
    this.context = context;
    this.logger = logger;
  }

  /** Runs a task later, in the order of calls from one thread; what it throws is logged. */
  void run(Runnable task) {
    context.runOnContext(
        nothing -> {
          try {
            task.run();
          } catch (RuntimeException | Error e) {
            logger.log(System.Logger.Level.ERROR, "a task of the transport failed", e);
          }
        });
  }
}
