package dev.brigade.gateway;

import dev.brigade.cluster.InferenceService;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.gateway.http.Authentication;
import dev.brigade.gateway.http.BrowserGuard;
import dev.brigade.gateway.http.Exchange;
import dev.brigade.gateway.http.IdleConnections;
import dev.brigade.gateway.http.InFlight;
import dev.brigade.gateway.observe.EventsRoute;
import dev.brigade.gateway.observe.MetricsRoute;
import dev.brigade.gateway.openai.AnswerRoute;
import dev.brigade.gateway.openai.ModelPrompts;
import dev.brigade.gateway.openai.ModelsRoute;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/** Which path leads where, and what every request has to pass first. */
final class Routes {
  private static final String EXCHANGE = "exchange";
  private static final String MODELS = "/v1/models/";

  /** What answers a request. */
  private interface Handling {
    void handle(Exchange exchange) throws ApiError;
  }

  private final Vertx vertx;
  private final GatewayConfig config;
  private final Router router;

  private Routes(Vertx vertx, GatewayConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.router = Router.router(vertx);
  }

  static Router of(
      Vertx vertx,
      GatewayConfig config,
      InferenceService node,
      ModelPrompts prompts,
      InFlight inFlight,
      IdleConnections connections) {
    Routes routes = new Routes(vertx, config);
    Clock clock = Clock.systemUTC();
    ModelsRoute models = new ModelsRoute(node, clock);
    routes.guard(connections);
    routes.on(HttpMethod.GET, "/health", new HealthRoute(node, inFlight)::show);
    routes.on(HttpMethod.GET, "/cluster", new ClusterRoute(node)::show);
    routes.on(HttpMethod.GET, "/events", new EventsRoute(node, clock)::show);
    routes.on(HttpMethod.GET, "/metrics", new MetricsRoute(node)::show);
    routes.on(HttpMethod.GET, "/v1/models", models::list);
    routes.on(HttpMethod.GET, MODELS + "*", exchange -> models.one(exchange, modelId(exchange)));
    routes.on(
        HttpMethod.POST,
        "/v1/chat/completions",
        AnswerRoute.chat(node, prompts, inFlight, clock)::answer);
    routes.on(
        HttpMethod.POST,
        "/v1/completions",
        AnswerRoute.completions(node, prompts, inFlight, clock)::answer);
    routes.otherwise();
    return routes.router;
  }

  private void guard(IdleConnections connections) {
    router
        .route()
        .handler(
            context -> {
              Exchange exchange = new Exchange(vertx, context.request(), config.limits());
              context.put(EXCHANGE, exchange);
              connections.busy(context.request().connection());
              exchange.whenAnswered(() -> connections.idle(context.request().connection()));
              context.next();
            });
    if (config.keys().isEmpty()) {
      router.route().handler(context -> pass(context, new BrowserGuard()::admit));
    }
    Authentication authentication = new Authentication(config.keys());
    router.route("/v1/*").handler(context -> pass(context, authentication::admit));
    for (String path : List.of("/cluster", "/events", "/metrics")) {
      router.route(path).handler(context -> pass(context, authentication::admit));
    }
  }

  /** What a request has to pass. */
  private interface Gate {
    void admit(HttpServerRequest request) throws ApiError;
  }

  private static void pass(RoutingContext context, Gate gate) {
    try {
      gate.admit(context.request());
      context.next();
    } catch (ApiError refused) {
      exchange(context).fail(refused);
    }
  }

  private void on(HttpMethod method, String path, Handling handling) {
    router.route(method, path).handler(context -> run(context, handling));
    router
        .route(path)
        .handler(
            context -> {
              context.response().putHeader("allow", method.name());
              exchange(context)
                  .fail(
                      ApiError.http(
                          405, "method_not_allowed", path + " answers only to " + method.name()));
            });
  }

  private void otherwise() {
    router
        .route()
        .handler(
            context ->
                exchange(context)
                    .fail(
                        ApiError.http(
                            404,
                            "unknown_url",
                            "there is nothing at "
                                + context.request().method().name()
                                + " "
                                + context.request().path())));
    router.errorHandler(500, context -> exchange(context).fail(context.failure()));
  }

  private static void run(RoutingContext context, Handling handling) {
    try {
      handling.handle(exchange(context));
    } catch (ApiError refused) {
      exchange(context).fail(refused);
    }
  }

  private static Exchange exchange(RoutingContext context) {
    return context.get(EXCHANGE);
  }

  /** Ids have slashes, which clients write as they are or encoded. */
  private static String modelId(Exchange exchange) throws ApiError {
    String path = exchange.request().path();
    String encoded = path.startsWith(MODELS) ? path.substring(MODELS.length()) : "";
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid("the path is not properly percent-encoded");
    }
  }
}
