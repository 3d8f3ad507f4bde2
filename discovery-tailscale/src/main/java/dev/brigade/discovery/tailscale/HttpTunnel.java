package dev.brigade.discovery.tailscale;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Asks an HTTP proxy for a connection (RFC 9110, 9.3.6). The JDK's own way has no deadline once the
 * proxy is reached, and a proxy may try a machine that is gone for minutes.
 */
final class HttpTunnel {
  private HttpTunnel() {}

  /**
   * Connects {@code socket} by way of {@code proxy}.
   *
   * @param address of the target, as an authority
   * @throws IOException if there is no connection within {@code patience}
   */
  static void connect(Socket socket, InetSocketAddress proxy, String address, Duration patience)
      throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    socket.connect(proxy, millisUntil(deadline));
    String request = "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.setSoTimeout(millisUntil(deadline));
    int status = HttpReply.readStatus(socket.getInputStream());
    if (status / 100 != 2) {
      throw new IOException("the proxy answered with HTTP status " + status + ", not 2xx");
    }
  }

  private static int millisUntil(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("the proxy took too long");
    }
    return (int) millis;
  }
}
