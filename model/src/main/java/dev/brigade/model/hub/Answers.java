package dev.brigade.model.hub;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What it means when the hub refuses. */
final class Answers {
  private static final int OK = 200;
  private static final int PARTIAL = 206;

  private final HubSettings settings;

  Answers(HubSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns if there is an answer.
   *
   * @param what is asked for, for messages
   * @throws PassingFailure if it is worth asking again
   * @throws HubException if it is not, with what to do
   */
  void require(Reply reply, HubId id, String what) throws PassingFailure, HubException {
    int status = reply.status();
    if (status == OK || status == PARTIAL) {
      return;
    }
    if (status == 429 || status == 408 || status >= 500) {
      throw new PassingFailure(
          reply.uri().getHost() + " answers " + status, retryAfter(reply, Instant.now()));
    }
    if (!reply.own()) {
      // An address that was made for this download has expired; the hub makes a new one.
      throw new PassingFailure("the store at " + reply.uri().getHost() + " answers " + status);
    }
    String code = reply.header("X-Error-Code").orElse("");
    if (status == 404 || status == 410 || code.equals("RevisionNotFound")) {
      throw new HubException(HubException.Kind.NOT_FOUND, notFound(id, what, code));
    } else if (status == 401 || status == 403) {
      throw new HubException(HubException.Kind.DENIED, denied(id, status, code));
    }
    throw new HubException(
        HubException.Kind.BAD_CONTENT,
        "%s answers %d to the question for %s of %s%s"
            .formatted(settings.endpoint(), status, what, id, explanation(reply)));
  }

  private String notFound(HubId id, String what, String code) {
    if (code.equals("RevisionNotFound")) {
      return "%s has no revision '%s' at %s"
          .formatted(id.repository(), id.revision(), settings.endpoint());
    } else if (code.equals("EntryNotFound")) {
      return "%s has no %s at %s".formatted(id, what, settings.endpoint());
    }
    return "there is no %s of model '%s' at %s; check its name and revision"
        .formatted(what, id, settings.endpoint());
  }

  private String denied(HubId id, int status, String code) {
    String page = settings.endpoint() + "/" + id.repository();
    boolean gated = code.equals("GatedRepo") || status == 403;
    if (settings.token().isEmpty()) {
      return ("%s asks who wants '%s' (%d): it is gated, private or not there; accept its "
              + "licence at %s if it has one, and set HF_TOKEN to a token of yours")
          .formatted(settings.endpoint(), id, status, page);
    }
    return gated
        ? ("%s does not give '%s' to the holder of this token (%d): accept its licence at "
                + "%s, and set HF_TOKEN to a token that may read it")
            .formatted(settings.endpoint(), id, status, page)
        : ("%s does not accept the token for '%s' (%d): set HF_TOKEN to one that is valid "
                + "and may read it, or check the name; see %s")
            .formatted(settings.endpoint(), id, status, page);
  }

  private static String explanation(Reply reply) {
    return reply.header("X-Error-Message").map(text -> ": " + text).orElse("");
  }

  /** The header of that name: seconds, or a point in time. */
  static Optional<Duration> retryAfter(Reply reply, Instant now) {
    return reply
        .header("Retry-After")
        .map(String::strip)
        .flatMap(text -> text.matches("[0-9]{1,6}") ? seconds(text) : until(text, now));
  }

  private static Optional<Duration> seconds(String text) {
    return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
  }

  private static Optional<Duration> until(String text, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(now, then)).filter(wait -> !wait.isNegative());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
