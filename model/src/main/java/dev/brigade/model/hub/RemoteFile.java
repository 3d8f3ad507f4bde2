package dev.brigade.model.hub;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A file of a repository, as the hub describes it.
 *
 * @param name path in the repository, with {@code /}
 * @param etag names its content: a SHA-256, the SHA-1 of a git blob, or something else that is a
 *     plain name
 * @param size in bytes, if the hub states it
 */
record RemoteFile(String name, String etag, OptionalLong size) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._+=-]{0,150}");

  RemoteFile {
    if (!isPlainName(etag)) {
      throw new IllegalArgumentException("etag is '" + etag + "', which no file can be named by");
    }
  }

  /** Whether a text from elsewhere can be a file's name here, and nothing else. */
  static boolean isPlainName(String text) {
    return PLAIN.matcher(text).matches();
  }

  /** How the hub may write it: {@code W/"..."}. */
  static String bareEtag(String header) {
    return header.replaceFirst("^W/", "").replace("\"", "").strip();
  }
}
