package dev.brigade.transport.vertx;

import java.io.IOException;
import java.net.ServerSocket;
import org.jgroups.util.DefaultSocketFactory;

/** Gives JGroups the socket that is already bound where it would make its own. */
final class HandedSocket extends DefaultSocketFactory {
  private final ListeningSocket socket;

  HandedSocket(ListeningSocket socket) {
    this.socket = socket;
  }

  @Override
  public ServerSocket createServerSocket(String name) throws IOException {
    return socket;
  }
}
