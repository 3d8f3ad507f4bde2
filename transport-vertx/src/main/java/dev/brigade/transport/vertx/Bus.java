package dev.brigade.transport.vertx;

import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.file.FileSystemOptions;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The clustered Vert.x event bus with its few threads; carries frames. */
final class Bus {
  private static final int EVENT_LOOPS = 2;
  private static final int CONNECT_MILLIS = 3000;
  private static final int INBOX_BYTES = 16;

  private final Vertx vertx;
  private final Loop loop;

  private Bus(Vertx vertx, Loop loop) {
    this.vertx = vertx;
    this.loop = loop;
  }

  /** Starts Vert.x; the bus listens on any free port of the socket's address, secured alike. */
  static CompletionStage<Bus> start(
      ListeningSocket socket, BusClusterManager manager, System.Logger logger) {
    InetAddress address = socket.getInetAddress();
    EventBusOptions bus =
        new EventBusOptions()
            .setHost(address.getHostAddress())
            .setClusterPublicHost(ReachableAddress.of(address).getHostAddress())
            .setPort(0)
            .setConnectTimeout(CONNECT_MILLIS)
            .setTcpNoDelay(true)
            .setTrustAll(false);
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(EVENT_LOOPS)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setUseDaemonThread(true)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false))
            .setEventBusOptions(bus);
    VertxBuilder builder = Vertx.builder().with(options).withClusterManager(manager);
    socket.tls().ifPresent(tls -> builder.withTransport(new SecuredTransport(tls)));
    return builder
        .buildClustered()
        .toCompletionStage()
        .thenApply(
            vertx -> {
              // Nothing but buffers is ever sent; so nothing else is ever read.
              vertx.eventBus().serializableChecker(type -> false);
              vertx.eventBus().clusterSerializableChecker(type -> false);
              return new Bus(vertx, new Loop(vertx.getOrCreateContext(), logger));
            });
  }

  Loop loop() {
    return loop;
  }

  /** A new address; who has not been told it cannot send there. */
  static String inbox() {
    byte[] random = new byte[INBOX_BYTES];
    new SecureRandom().nextBytes(random);
    return "brigade." + HexFormat.of().formatHex(random);
  }

  /** Gives the loop every frame that comes to {@code inbox}. */
  CompletionStage<Void> listen(String inbox, Consumer<Buffer> frames) {
    CompletableFuture<Void> listening = new CompletableFuture<>();
    loop.run(
        () ->
            vertx
                .eventBus()
                .<Buffer>consumer(inbox, message -> frames.accept(message.body()))
                .completion()
                .onComplete(done -> listening.complete(null), listening::completeExceptionally));
    return listening;
  }

  /** Sends frames to inboxes, in order when called on the loop. */
  BiConsumer<String, Buffer> wire(System.Logger logger) {
    return (inbox, frame) -> {
      MessageProducer<Buffer> producer = vertx.eventBus().sender(inbox);
      producer
          .write(frame)
          .onFailure(
              failure -> logger.log(System.Logger.Level.DEBUG, () -> "a frame was lost", failure));
    };
  }

  /** Closes sockets and threads; {@code false} if that took longer than {@code limit}. */
  boolean close(Duration limit) {
    try {
      vertx.close().await(limit.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    }
  }
}
