package dev.brigade.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Bearer keys (RFC 6750, section 2.1). Compares digests in constant time, all of them, so that time
 * tells neither a key nor its length nor which one matched.
 */
public final class Authentication {
  private final List<byte[]> digests;

  /** Knows these keys; with none, everybody is let in. */
  public Authentication(List<String> keys) {
    this.digests = keys.stream().map(Authentication::digest).toList();
  }

  /**
   * Lets a request pass.
   *
   * @throws ApiError 401 if it has no key, or none that is known
   */
  public void admit(HttpServerRequest request) throws ApiError {
    if (digests.isEmpty()) {
      return;
    }
    String header = request.getHeader("authorization");
    if (header == null) {
      throw ApiError.unauthenticated(
          "no API key; send the header Authorization: Bearer KEY with one of this node's api.keys");
    }
    boolean bearer = header.regionMatches(true, 0, "Bearer ", 0, 7);
    byte[] offered = digest(bearer ? header.substring(7).strip() : "");
    boolean known = false;
    for (byte[] digest : digests) {
      known |= MessageDigest.isEqual(digest, offered);
    }
    if (!bearer || !known) {
      throw ApiError.unauthenticated("the API key is none of this node's api.keys");
    }
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
