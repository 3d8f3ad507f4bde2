package dev.brigade.transport.vertx;

import dev.brigade.spi.Host;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportProvider;

/** Makes transports of type {@code vertx}. */
public final class VertxTransportProvider implements TransportProvider<VertxTransportConfig> {

  @Override
  public String name() {
    return "vertx";
  }

  @Override
  public Class<VertxTransportConfig> configType() {
    return VertxTransportConfig.class;
  }

  @Override
  public Transport create(VertxTransportConfig config, Host host) {
    return new VertxTransport(config, host);
  }
}
