package dev.brigade.launcher.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A hub on loopback that has one folder as the model {@code org/tiny}. */
public final class FolderHub implements AutoCloseable {
  public static final String ID = "org/tiny";
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final Path folder;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> fetched = new CopyOnWriteArrayList<>();

  public FolderHub(Path folder) {
    this.folder = folder;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/api/models/" + ID + "/revision/", this::list);
    server.createContext("/" + ID + "/resolve/" + COMMIT + "/", this::file);
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Names of the files whose content was sent, in order. */
  public List<String> fetched() {
    return fetched;
  }

  private void list(HttpExchange exchange) throws IOException {
    try (exchange;
        Stream<Path> files = Files.list(folder)) {
      String siblings =
          files
              .map(file -> "{\"rfilename\":\"%s\"}".formatted(file.getFileName()))
              .collect(Collectors.joining(","));
      byte[] body = "{\"sha\":\"%s\",\"siblings\":[%s]}".formatted(COMMIT, siblings).getBytes();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void file(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().replaceAll(".*/", "");
    try (exchange) {
      byte[] body = Files.readAllBytes(folder.resolve(name));
      exchange.getResponseHeaders().putAll(Map.of("ETag", List.of("\"" + sha256(body) + "\"")));
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
        exchange.sendResponseHeaders(200, -1);
      } else {
        fetched.add(name);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
