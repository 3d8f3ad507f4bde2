package dev.brigade.model.hub;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An answer at the end of its redirects.
 *
 * @param uri what answered
 * @param own whether it is the hub itself that answered
 * @param described headers of the last answer that came from the hub itself: it says what a file
 *     is, whoever stores it
 * @param body closed with this
 */
record Reply(
    URI uri, boolean own, int status, HttpHeaders headers, HttpHeaders described, BodyStream body)
    implements AutoCloseable {

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** A header with a whole number; empty if it is missing or no such thing. */
  OptionalLong number(String name) {
    return number(headers, name);
  }

  static OptionalLong number(HttpHeaders headers, String name) {
    return headers
        .firstValue(name)
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  @Override
  public void close() {
    body.close();
  }
}
