package dev.brigade.transport.vertx;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.jgroups.util.DefaultSocketFactory;

/**
 * Gives JGroups the socket that is already bound where it would make its own, and for connections
 * to others sockets that shake hands where there is a secret.
 */
final class HandedSocket extends DefaultSocketFactory {
  private final ListeningSocket socket;

  HandedSocket(ListeningSocket socket) {
    this.socket = socket;
  }

  @Override
  public ServerSocket createServerSocket(String name) throws IOException {
    return socket;
  }

  @Override
  public Socket createSocket(String name) throws IOException {
    return socket.tls().isPresent() ? socket.tls().get().connecting() : super.createSocket(name);
  }
}
