package dev.brigade.model.template;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Python's {@code datetime.strftime} in the C locale, for a time without zone. */
final class Strftime {
  private Strftime() {}

  static String format(LocalDateTime time, String format) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        text.append(c);
        continue;
      }
      char directive = format.charAt(++i);
      if ("-_0^#".indexOf(directive) >= 0 && i + 1 < format.length()) {
        text.append(flagged(directive, field(time, format.charAt(++i))));
      } else {
        text.append(field(time, directive));
      }
    }
    return text.toString();
  }

  // glibc's flags: no padding, padding by spaces or zeros, upper case, other case.
  private static String flagged(char flag, String field) {
    return switch (flag) {
      case '-' -> field.replaceFirst("^[0 ]+(?=.)", "");
      case '_' -> {
        String digits = field.replaceFirst("^0+(?=.)", "");
        yield " ".repeat(field.length() - digits.length()) + digits;
      }
      case '0' -> field.replace(' ', '0');
      case '^' -> field.toUpperCase(Locale.ROOT);
      default ->
          field.equals("AM") || field.equals("PM")
              ? field.toLowerCase(Locale.ROOT)
              : field.toUpperCase(Locale.ROOT);
    };
  }

  private static String field(LocalDateTime time, char directive) {
    return switch (directive) {
      case 'Y' -> String.valueOf(time.getYear());
      case 'C' -> two(time.getYear() / 100);
      case 'y' -> two(time.getYear() % 100);
      case 'm' -> two(time.getMonthValue());
      case 'd' -> two(time.getDayOfMonth());
      case 'e' -> "%2d".formatted(time.getDayOfMonth());
      case 'H' -> two(time.getHour());
      case 'k' -> "%2d".formatted(time.getHour());
      case 'I' -> two(hourOfClock(time));
      case 'l' -> "%2d".formatted(hourOfClock(time));
      case 'M' -> two(time.getMinute());
      case 'S' -> two(time.getSecond());
      case 'f' -> "%06d".formatted(time.getNano() / 1000);
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'P' -> time.getHour() < 12 ? "am" : "pm";
      case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> time.format(DateTimeFormatter.ofPattern("MMM", Locale.ENGLISH));
      case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
      case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
      case 'j' -> "%03d".formatted(time.getDayOfYear());
      case 'U' -> two((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7);
      case 'W' -> two((time.getDayOfYear() + 7 - time.getDayOfWeek().getValue()) / 7);
      case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'G' -> String.valueOf(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'g' -> two(time.get(IsoFields.WEEK_BASED_YEAR) % 100);
      case 'F' -> format(time, "%Y-%m-%d");
      case 'D', 'x' -> format(time, "%m/%d/%y");
      case 'T', 'X' -> format(time, "%H:%M:%S");
      case 'R' -> format(time, "%H:%M");
      case 'r' -> format(time, "%I:%M:%S %p");
      case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
      case 'z', 'Z' -> "";
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default -> "%" + directive;
    };
  }

  private static int hourOfClock(LocalDateTime time) {
    return (time.getHour() + 11) % 12 + 1;
  }

  private static String two(int number) {
    return "%02d".formatted(number);
  }
}
