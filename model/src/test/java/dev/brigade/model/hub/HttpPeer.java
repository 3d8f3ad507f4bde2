package dev.brigade.model.hub;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server on raw sockets, since none in a library can be made to lie or to break off. */
final class HttpPeer implements AutoCloseable {
  private final ServerSocket socket;
  private final Handler handler;
  private final List<Question> questions = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /** Answers one request on its connection, which is closed afterwards. */
  @FunctionalInterface
  interface Handler {
    void answer(Question question, OutputStream out) throws IOException;
  }

  /**
   * What was asked.
   *
   * @param headers by names in lower case
   */
  record Question(String method, String path, Map<String, String> headers) {
    boolean hasToken() {
      return headers.containsKey("authorization");
    }

    /** First byte that is wanted. */
    int from() {
      return Integer.parseInt(
          headers.getOrDefault("range", "bytes=0-").replaceAll("bytes=(\\d+)-", "$1"));
    }
  }

  HttpPeer(Handler handler) {
    this.handler = handler;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "http-peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        open.add(connection);
        start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        OutputStream out = new BufferedOutputStream(connection.getOutputStream())) {
      Question question = read(connection.getInputStream());
      questions.add(question);
      handler.answer(question, out);
    } catch (IOException e) {
      // The client has gone, which is its right.
    }
  }

  private static Question read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n");
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] parts = lines[i].split(": ", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
    }
    String[] first = lines[0].split(" ");
    return new Question(first[0], first[1], headers);
  }

  /** Sends the head of an answer. */
  static void head(OutputStream out, int status, Map<String, String> headers) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\nConnection: close\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /** All that was asked, in order. */
  List<Question> questions() {
    return questions;
  }

  List<Question> questions(String method, String end) {
    return questions.stream()
        .filter(asked -> asked.method().equals(method) && asked.path().endsWith(end))
        .toList();
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket connection : open) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
