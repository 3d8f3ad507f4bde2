package dev.brigade.transport.vertx;

import dev.brigade.spi.Host;
import dev.brigade.spi.transport.Transport;
import dev.brigade.testkit.TransportContract;
import java.util.Optional;

class VertxTransportTest extends TransportContract {

  @Override
  protected Transport transport(Host host) {
    return transportOn("127.0.0.1", host).orElseThrow();
  }

  @Override
  protected Optional<Transport> transportOn(String address, Host host) {
    VertxTransportConfig config =
        new VertxTransportConfig(Optional.of(address), Optional.of(0), Optional.empty());
    return Optional.of(new VertxTransportProvider().create(config, host));
  }
}
