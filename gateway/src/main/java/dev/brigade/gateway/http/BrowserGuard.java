package dev.brigade.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/**
 * Keeps web pages of others away from a gateway that trusts whoever is on this machine: a page can
 * reach loopback under its own name (DNS rebinding) or send requests whose answer it cannot read
 * but whose work is done all the same. Needed only where no key is asked for.
 */
public final class BrowserGuard {

  /**
   * Lets a request pass.
   *
   * @throws ApiError 403 if its Host is not loopback, or its Origin is another site
   */
  public void admit(HttpServerRequest request) throws ApiError {
    String host = request.getHeader("host");
    if (host == null || !Loopback.isAuthority(host)) {
      throw ApiError.forbidden(
          "without api.keys this gateway answers only requests for localhost; ask for it by that"
              + " name, or configure keys");
    }
    String origin = request.getHeader("origin");
    if (origin != null && !origin.toLowerCase(Locale.ROOT).equals("http://" + lower(host))) {
      throw ApiError.forbidden(
          "without api.keys this gateway answers no web page of another origin; configure keys");
    }
  }

  private static String lower(String host) {
    return host.toLowerCase(Locale.ROOT);
  }
}
