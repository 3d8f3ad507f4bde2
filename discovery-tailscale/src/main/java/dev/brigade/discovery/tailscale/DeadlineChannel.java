package dev.brigade.discovery.tailscale;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A connection to a Unix-domain socket whose reads and writes together end by a deadline, which the
 * JDK's own streams over such sockets lack. For one thread.
 */
final class DeadlineChannel extends InputStream {
  private static final int BUFFER_BYTES = 16384;
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Duration limit;
  private final long deadline;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

  private DeadlineChannel(
      SocketChannel channel, Selector selector, SelectionKey key, Duration limit) {
    this.channel = channel;
    this.selector = selector;
    this.key = key;
    this.limit = limit;
    deadline = System.nanoTime() + limit.toNanos();
  }

  static DeadlineChannel open(Path socket, Duration limit) throws IOException {
    // Connecting to a Unix-domain socket never waits for the other side.
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    try {
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      return new DeadlineChannel(channel, selector, channel.register(selector, 0), limit);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  void write(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(into, offset, count);
    return count;
  }

  private boolean fill() throws IOException {
    while (!buffer.hasRemaining()) {
      buffer.clear();
      int count;
      try {
        count = channel.read(buffer);
      } finally {
        buffer.flip();
      }
      if (count < 0) {
        return false;
      }
      if (count == 0) {
        await(SelectionKey.OP_READ);
      }
    }
    return true;
  }

  private void await(int operation) throws IOException {
    key.interestOps(operation);
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0 || Thread.currentThread().isInterrupted()) {
      throw new SocketTimeoutException("no complete answer within " + limit.toMillis() + " ms");
    }
    selector.select(millis);
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      selector.close();
    }
  }
}
