package dev.brigade.launcher.command;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;

/** A time that a user writes: a date, a date with a time, or one with an offset, as ISO 8601. */
final class PointInTime {
  private static final DateTimeFormatter ANY =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffsetId()
          .optionalEnd()
          .optionalEnd()
          .toFormatter();

  private PointInTime() {}

  /** A clock that stands still at that time, in its offset or else in this machine's zone. */
  static Clock clock(String text) throws UsageException {
    try {
      TemporalAccessor time =
          ANY.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      if (time instanceof OffsetDateTime exact) {
        return Clock.fixed(exact.toInstant(), exact.getOffset());
      }
      LocalDateTime local =
          time instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) time;
      ZoneId zone = ZoneId.systemDefault();
      Instant instant = local.atZone(zone).toInstant();
      return Clock.fixed(instant, zone);
    } catch (DateTimeException e) {
      throw new UsageException(
          "--now is '" + text + "'; want 2026-11-24, 2026-11-24T12:00:00 or 2026-11-24T12:00:00Z");
    }
  }
}
