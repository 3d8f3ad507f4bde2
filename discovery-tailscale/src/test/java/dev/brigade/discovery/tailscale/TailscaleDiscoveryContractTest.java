package dev.brigade.discovery.tailscale;

import dev.brigade.spi.discovery.DiscoveryProvider;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.testkit.DiscoveryContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** One machine of the tailnet, whose ports open and shut behind the daemon's proxy. */
class TailscaleDiscoveryContractTest extends DiscoveryContract<TailscaleConfig> {
  private final FakeDaemon daemon =
      new FakeDaemon(Statuses.running(Statuses.peer("a", "127.0.0.1", true, "")));
  private final SocksServer socks = new SocksServer();

  @AfterEach
  void closeServers() {
    daemon.close();
    socks.close();
  }

  @Override
  protected DiscoveryProvider<TailscaleConfig> provider() {
    return new TailscaleDiscoveryProvider(new Installation(List.of(daemon.socket()), List.of()));
  }

  @Override
  protected TailscaleConfig config() {
    return new TailscaleConfig(
        Optional.empty(),
        Optional.empty(),
        Optional.of(SELF.port() + "-" + SECOND.port()),
        Optional.empty(),
        Optional.of(Duration.ofSeconds(2)),
        Optional.of(socks.url()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  protected boolean hearsNodes() {
    return false;
  }

  @Override
  protected void appear(Endpoint endpoint) {
    socks.open(endpoint);
  }

  @Override
  protected void vanish(Endpoint endpoint) {
    socks.shut(endpoint);
  }
}
