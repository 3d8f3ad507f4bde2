package dev.brigade.discovery.tailscale;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer in HTTP/1.1 (RFC 9112) to a GET over a connection that serves no other.
 *
 * @param status such as 200
 * @param body at most {@link #MAX_BODY} bytes
 */
record HttpReply(int status, byte[] body) {
  /** A tailnet of ten thousand machines has a status of about 10 MiB. */
  static final int MAX_BODY = 32 << 20;

  private static final int MAX_LINE = 8192;
  private static final int MAX_HEADERS = 100;

  /** Reads one. The stream bounds the time. */
  static HttpReply read(InputStream in) throws IOException {
    int status = readStatus(in);
    Map<String, String> headers = headers(in);
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return new HttpReply(status, chunked(in));
    }
    if (headers.containsKey("content-length")) {
      int length = number(headers.get("content-length"), 10, MAX_BODY);
      return new HttpReply(status, exactly(in, length));
    }
    byte[] body = in.readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw tooLong("body", MAX_BODY);
    }
    return new HttpReply(status, body);
  }

  /** Reads the first line alone. */
  static int readStatus(InputStream in) throws IOException {
    String[] line = line(in).split(" ", 3);
    if (line.length < 2 || !line[0].startsWith("HTTP/1.")) {
      throw new IOException("the answer is not HTTP/1.x but '" + line[0] + "'");
    }
    return number(line[1], 10, 999);
  }

  /** The body as text, shortened to what fits a log line. */
  String excerpt() {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    for (int count = 0; count <= MAX_HEADERS; count++) {
      String line = line(in);
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("'" + line + "' is no HTTP header");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.put(name, line.substring(colon + 1).strip());
    }
    throw tooLong("list of headers", MAX_HEADERS);
  }

  private static byte[] chunked(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(in).split(";", 2)[0].strip();
      int length = number(size, 16, MAX_BODY - body.size());
      if (length == 0) {
        headers(in);
        return body.toByteArray();
      }
      body.writeBytes(exactly(in, length));
      if (!line(in).isEmpty()) {
        throw new IOException("an HTTP chunk does not end where its size says");
      }
    }
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer ended after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the answer ended within its head");
      }
      if (line.size() >= MAX_LINE) {
        throw tooLong("line", MAX_LINE);
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static int number(String text, int radix, int max) throws IOException {
    try {
      int number = Integer.parseInt(text, radix);
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("'" + text + "' is no length or status of HTTP", e);
    }
    throw new IOException("'" + text + "' of the HTTP answer is not within 0.." + max);
  }

  private static IOException tooLong(String what, int max) {
    return new IOException("the HTTP answer's " + what + " is longer than " + max);
  }
}
