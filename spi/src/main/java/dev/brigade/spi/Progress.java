package dev.brigade.spi;

/**
 * How far a long task is.
 *
 * @param activity what is being done, for a person to read ("reading weights")
 * @param done bytes done so far, from 0 to {@code total}
 * @param total bytes in all; 0 if unknown
 */
public record Progress(String activity, long done, long total) {
  public Progress {
    if (done < 0 || total < 0 || (total > 0 && done > total)) {
      throw new IllegalArgumentException("progress: done " + done + " of " + total);
    }
  }
}
