package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Single requests. Redirects are followed here rather than by the client, since the token may not
 * go along to another host.
 */
final class Network {
  private static final int MOST_REDIRECTS = 8;
  private static final String AGENT =
      "brigade; java/" + System.getProperty("java.specification.version");

  private final HubSettings settings;
  private final HttpClient client;

  Network(HubSettings settings) {
    this.settings = settings;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.patience().connect())
            .build();
  }

  /** The headers of a file. Goes to another host only where the hub's redirect names no hash. */
  Reply head(URI uri, Cancellation cancel) throws PassingFailure, HubException {
    return follow(uri, "HEAD", 0, cancel);
  }

  /**
   * A body from one of its bytes on.
   *
   * @param from 0 for all of it; the other end may send all of it anyway
   */
  Reply get(URI uri, long from, Cancellation cancel) throws PassingFailure, HubException {
    return follow(uri, "GET", from, cancel);
  }

  private Reply follow(URI start, String method, long from, Cancellation cancel)
      throws PassingFailure, HubException {
    URI uri = start;
    HttpHeaders described = HttpHeaders.of(java.util.Map.of(), (name, value) -> true);
    for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
      boolean own = isOwn(uri);
      HttpResponse<BodyStream> response = send(request(uri, method, from, own), cancel);
      described = own ? response.headers() : described;
      Reply reply =
          new Reply(
              uri, own, response.statusCode(), response.headers(), described, response.body());
      if (!isRedirect(reply.status())) {
        return reply;
      }
      URI next = target(reply);
      boolean isSaid = described.firstValue("X-Linked-Etag").isPresent();
      if (method.equals("HEAD") && !isOwn(next) && isSaid) {
        return reply;
      }
      reply.close();
      uri = next;
    }
    throw new HubException(
        HubException.Kind.BAD_CONTENT, start + " is redirected without end; check HF_ENDPOINT");
  }

  private boolean isOwn(URI uri) {
    URI hub = settings.endpoint();
    return hub.getScheme().equalsIgnoreCase(uri.getScheme())
        && hub.getHost().equalsIgnoreCase(uri.getHost())
        && port(hub) == port(uri);
  }

  private static int port(URI uri) {
    int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    return uri.getPort() == -1 ? usual : uri.getPort();
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static URI target(Reply reply) throws HubException {
    String location = reply.header("Location").orElse("");
    try {
      URI target = reply.uri().resolve(location);
      boolean safe = "https".equalsIgnoreCase(target.getScheme());
      boolean plain = "http".equalsIgnoreCase(target.getScheme());
      boolean weaker = plain && "https".equalsIgnoreCase(reply.uri().getScheme());
      if ((safe || plain) && !weaker && target.getHost() != null && !location.isEmpty()) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new HubException(
        HubException.Kind.BAD_CONTENT,
        reply.uri() + " is redirected to '" + location + "', where nothing is fetched from");
  }

  private HttpRequest request(URI uri, String method, long from, boolean own) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("User-Agent", AGENT)
            // The sizes and hashes that the hub states are those of the bare bytes.
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    if (own) {
      settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    return request.build();
  }

  private HttpResponse<BodyStream> send(HttpRequest request, Cancellation cancel)
      throws PassingFailure, HubException {
    CompletableFuture<HttpResponse<BodyStream>> answer =
        client.sendAsync(request, head -> new BodyStream());
    long end = System.nanoTime() + settings.patience().answer().toNanos();
    try {
      while (System.nanoTime() < end) {
        Pause.requireWanted(cancel);
        try {
          return answer.get(Pause.GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          // Not yet.
        }
      }
      throw new PassingFailure(
          "%s does not answer within %d ms"
              .formatted(request.uri().getHost(), settings.patience().answer().toMillis()));
    } catch (ExecutionException e) {
      throw new PassingFailure(request.uri().getHost() + " cannot be asked: " + cause(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HubException.cancelled();
    } finally {
      answer.cancel(true);
    }
  }

  /** What a failure of the client means, in words. */
  static String cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof IOException)) {
      cause = cause.getCause();
    }
    if (cause instanceof ConnectException) {
      return cause.getCause() instanceof IOException deeper ? cause(deeper) : "no connection";
    } else if (cause instanceof UnknownHostException
        || cause instanceof java.nio.channels.UnresolvedAddressException) {
      return "its name is unknown";
    }
    return String.valueOf(cause.getMessage());
  }
}
