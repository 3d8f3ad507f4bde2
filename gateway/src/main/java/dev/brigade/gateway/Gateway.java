package dev.brigade.gateway;

import dev.brigade.cluster.InferenceService;
import dev.brigade.gateway.http.IdleConnections;
import dev.brigade.gateway.http.InFlight;
import dev.brigade.gateway.http.InvalidRequests;
import dev.brigade.gateway.openai.ModelPrompts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.BindException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node's HTTP server. Methods may be called from any thread and do not block. */
public final class Gateway {
  /** How long connections that have nothing under way get to notice that the server closes. */
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Optional<Vertx> owned;
  private final GatewayConfig config;
  private final HttpServer server;
  private final InFlight inFlight;
  private Optional<CompletionStage<Void>> closed = Optional.empty();

  private Gateway(
      Vertx vertx,
      Optional<Vertx> owned,
      GatewayConfig config,
      HttpServer server,
      InFlight inFlight) {
    this.vertx = vertx;
    this.owned = owned;
    this.config = config;
    this.server = server;
    this.inFlight = inFlight;
  }

  /**
   * Starts a gateway with event loops of its own, which it takes down when it closes.
   *
   * @return the gateway, listening; or exceptionally a {@link GatewayException} if it cannot listen
   */
  public static CompletionStage<Gateway> start(
      GatewayConfig config, InferenceService node, ModelPrompts prompts) {
    // Nothing is served from files, so their cache need not be set up.
    FileSystemOptions noFiles =
        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(4)
                .setFileSystemOptions(noFiles));
    return start(vertx, Optional.of(vertx), config, node, prompts)
        .toCompletionStage()
        // No Vert.x future: it would wait to be told on an event loop that is gone by then.
        .exceptionallyCompose(failure -> closeAfter(failure, vertx));
  }

  /**
   * Starts a gateway on event loops that others own, and which stay when it closes.
   *
   * @return the gateway, listening; or exceptionally a {@link GatewayException} if it cannot listen
   */
  public static CompletionStage<Gateway> start(
      Vertx vertx, GatewayConfig config, InferenceService node, ModelPrompts prompts) {
    return start(vertx, Optional.empty(), config, node, prompts).toCompletionStage();
  }

  private static CompletionStage<Gateway> closeAfter(Throwable failure, Vertx vertx) {
    return vertx
        .close()
        .toCompletionStage()
        .thenCompose(closed -> CompletableFuture.failedStage(failure));
  }

  private static Future<Gateway> start(
      Vertx vertx,
      Optional<Vertx> owned,
      GatewayConfig config,
      InferenceService node,
      ModelPrompts prompts) {
    InFlight inFlight = new InFlight(config.limits().requests());
    IdleConnections connections = new IdleConnections(vertx, config.limits().idle());
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setMaxHeaderSize(config.limits().headerBytes())
            .setHttp2ClearTextEnabled(false)
            .setTcpKeepAlive(true);
    return vertx
        .createHttpServer(options)
        .connectionHandler(connections::opened)
        .invalidRequestHandler(InvalidRequests::answer)
        .requestHandler(Routes.of(vertx, config, node, prompts, inFlight, connections))
        .listen()
        .map(server -> new Gateway(vertx, owned, config, server, inFlight))
        .recover(failure -> Future.failedFuture(cannotListen(config, failure)));
  }

  private static GatewayException cannotListen(GatewayConfig config, Throwable failure) {
    String where = config.host() + ":" + config.port();
    boolean portTaken =
        failure instanceof BindException && String.valueOf(failure.getMessage()).contains("in use");
    return new GatewayException(
        portTaken
            ? "api.port "
                + config.port()
                + " is in use on "
                + config.host()
                + "; choose another, or 0 for any that is free"
            : "the API cannot listen on "
                + where
                + " ("
                + failure.getMessage()
                + "); check api.host and api.port",
        failure);
  }

  /** The port that it listens on. */
  public int port() {
    return server.actualPort();
  }

  /**
   * Takes nothing new, lets answers under way finish for a moment, ends those that do not with an
   * error, and closes. Idempotent.
   */
  public synchronized CompletionStage<Void> close() {
    if (closed.isEmpty()) {
      closed =
          Optional.of(
              inFlight
                  .drain(vertx, config.limits().shutdown())
                  .compose(drained -> server.shutdown(GOODBYE))
                  .compose(shut -> owned.map(Vertx::close).orElse(Future.succeededFuture()))
                  .toCompletionStage());
    }
    return closed.get();
  }
}
