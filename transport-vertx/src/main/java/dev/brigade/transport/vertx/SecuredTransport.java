package dev.brigade.transport.vertx;

import dev.brigade.transport.vertx.tls.ClusterTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.spi.transport.Transport;
import java.util.List;

/**
 * Vert.x on NIO where every connection is mutual TLS from its first byte. The event bus can be told
 * of TLS by its options as well, but copies them by way of JSON, which no key manager survives: its
 * certificate would be that of the start for ever. Thread-safe.
 */
final class SecuredTransport implements io.vertx.core.transport.Transport, Transport {
  private final Transport nio = NioTransport.INSTANCE;
  private final ClusterTls tls;

  SecuredTransport(ClusterTls tls) {
    this.tls = tls;
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return () -> secure(new NioSocketChannel(), true);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return Door::new;
  }

  /** Listens; secures who comes in. */
  private final class Door extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      int before = accepted.size();
      int count = super.doReadMessages(accepted);
      accepted.subList(before, accepted.size()).forEach(each -> secure((Channel) each, false));
      return count;
    }
  }

  private Channel secure(Channel channel, boolean client) {
    SslHandler handler = new SslHandler(tls.engine(client));
    handler.setHandshakeTimeoutMillis(ClusterTls.HANDSHAKE.toMillis());
    channel.pipeline().addFirst(handler);
    return channel;
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public Transport implementation() {
    return this;
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return nio.ioHandlerFactory();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface still has Netty's older type
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return nio.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return nio.datagramChannelFactory();
  }
}
