package dev.brigade.discovery.tailscale;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers like the Tailscale daemon's local API, in chunks, on a real Unix-domain socket. */
final class FakeDaemon implements AutoCloseable {
  private final Path folder;
  private final ServerSocketChannel server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile String head = "HTTP/1.1 200 OK";
  private volatile String body;

  FakeDaemon(String body) {
    this.body = body;
    try {
      folder = Files.createTempDirectory("tsd");
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "fake-tailscaled");
    thread.setDaemon(true);
    thread.start();
  }

  Path socket() {
    return folder.resolve("d.sock");
  }

  void answer(String nextBody) {
    answer("HTTP/1.1 200 OK", nextBody);
  }

  void answer(String nextHead, String nextBody) {
    head = nextHead;
    body = nextBody;
  }

  /** The heads of the requests so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void serve() {
    try {
      while (true) {
        try (SocketChannel client = server.accept()) {
          serve(client);
        }
      }
    } catch (ClosedChannelException e) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(SocketChannel client) throws IOException {
    InputStream in = Channels.newInputStream(client);
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      request.append((char) next);
    }
    requests.add(request.toString());
    OutputStream out = Channels.newOutputStream(client);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    out.write((head + "\r\nTransfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    for (int at = 0; at < bytes.length; at += 1000) {
      int count = Math.min(1000, bytes.length - at);
      out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.write(bytes, at, count);
      out.write("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(socket());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
