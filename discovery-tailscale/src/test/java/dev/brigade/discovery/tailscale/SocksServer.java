package dev.brigade.discovery.tailscale;

import dev.brigade.spi.transport.Endpoint;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A SOCKS5 server (RFC 1928) like that of a daemon without TUN; a test says which ports open. */
final class SocksServer implements AutoCloseable {
  private final ServerSocket server;
  private final Set<Endpoint> open = ConcurrentHashMap.newKeySet();
  private final Set<Endpoint> tried = ConcurrentHashMap.newKeySet();

  SocksServer() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "fake-socks");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "socks5://127.0.0.1:" + server.getLocalPort();
  }

  void open(Endpoint endpoint) {
    open.add(endpoint);
  }

  void shut(Endpoint endpoint) {
    open.remove(endpoint);
  }

  Set<Endpoint> tried() {
    return Set.copyOf(tried);
  }

  private void serve() {
    try {
      while (true) {
        try (Socket client = server.accept()) {
          serve(client);
        } catch (EOFException e) {
          continue;
        }
      }
    } catch (SocketException e) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    OutputStream out = client.getOutputStream();
    in.readUnsignedByte();
    in.readFully(new byte[in.readUnsignedByte()]);
    out.write(new byte[] {5, 0});
    in.readFully(new byte[3]);
    byte[] address = new byte[in.readUnsignedByte() == 1 ? 4 : 16];
    in.readFully(address);
    int port = in.readUnsignedShort();
    Endpoint asked = new Endpoint(InetAddress.getByAddress(address).getHostAddress(), port);
    tried.add(asked);
    byte reply = (byte) (open.contains(asked) ? 0 : 5);
    out.write(new byte[] {5, reply, 0, 1, 0, 0, 0, 0, 0, 0});
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
