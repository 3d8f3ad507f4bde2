package dev.brigade.transport.vertx;

import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jgroups.stack.IpAddress;

/**
 * What the clustered event bus has to know of the others: where their buses listen and on which
 * addresses. It is read off the members' cards; the bus carries messages only, so that Vert.x's
 * cluster-wide maps, locks and counters are not offered.
 */
final class BusClusterManager implements ClusterManager {
  private final String self;
  private final Routes routes;
  private final CompletionStage<?> joined;
  private final List<Registration> registrations = new CopyOnWriteArrayList<>();
  private volatile Optional<NodeInfo> nodeInfo = Optional.empty();
  private volatile List<Card> roster = List.of();
  private volatile boolean active;
  private volatile RegistrationListener registrationListener = new RegistrationListener() {};
  private volatile Optional<NodeListener> nodeListener = Optional.empty();

  /** {@code joined} completes when the membership is up. */
  BusClusterManager(String self, Routes routes, CompletionStage<?> joined) {
    this.self = self;
    this.routes = routes;
    this.joined = joined;
  }

  /** Takes over a new list of members; one call at a time. */
  void roster(List<Card> cards) {
    List<Card> before = roster;
    roster = List.copyOf(cards);
    Set<String> changed = new HashSet<>(addresses(before));
    Set<String> now = addresses(cards);
    changed.addAll(now);
    for (String address : changed) {
      if (registrationListener.wantsUpdatesFor(address)) {
        registrationListener.registrationsUpdated(
            new RegistrationUpdateEvent(address, registrationsOf(address)));
      }
    }
    tellNodeListener(before, cards);
  }

  private void tellNodeListener(List<Card> before, List<Card> now) {
    nodeListener.ifPresent(
        listener -> {
          Set<String> old = ids(before);
          Set<String> current = ids(now);
          old.stream().filter(id -> !current.contains(id)).forEach(listener::nodeLeft);
          current.stream().filter(id -> !old.contains(id)).forEach(listener::nodeAdded);
        });
  }

  /** Where the own bus listens. */
  NodeInfo ownBus() {
    return nodeInfo.orElseThrow(() -> new IllegalStateException("the event bus has not started"));
  }

  /** The own registrations that others may know. */
  List<Registration> ownRegistrations() {
    return List.copyOf(registrations);
  }

  @Override
  public void init(Vertx vertx) {}

  @Override
  public void join(Completable<Void> promise) {
    joined.whenComplete(
        (done, failure) -> {
          active = failure == null;
          promise.complete(null, failure);
        });
  }

  @Override
  public void leave(Completable<Void> promise) {
    // The membership is left before Vert.x is closed, so that the others stop sending first.
    active = false;
    promise.succeed();
  }

  @Override
  public boolean isActive() {
    return active;
  }

  @Override
  public String getNodeId() {
    return self;
  }

  @Override
  public List<String> getNodes() {
    return roster.stream().map(card -> card.id().value()).toList();
  }

  @Override
  public void nodeListener(NodeListener listener) {
    nodeListener = Optional.ofNullable(listener);
  }

  @Override
  public void setNodeInfo(NodeInfo info, Completable<Void> promise) {
    nodeInfo = Optional.of(info);
    promise.succeed();
  }

  @Override
  public NodeInfo getNodeInfo() {
    return ownBus();
  }

  @Override
  public void getNodeInfo(String node, Completable<NodeInfo> promise) {
    Optional<Card> card = roster.stream().filter(c -> c.id().value().equals(node)).findFirst();
    if (card.isPresent()) {
      promise.succeed(new NodeInfo(host(card.get()), card.get().busPort(), null));
    } else {
      promise.fail("node " + node + " is not a member");
    }
  }

  /** The bus is found where the membership is. */
  private String host(Card card) {
    try {
      IpAddress name = new IpAddress(card.busHost(), card.info().address().port());
      IpAddress way = routes.to(name);
      return way.equals(name) ? card.busHost() : way.getIpAddress().getHostAddress();
    } catch (UnknownHostException e) {
      return card.busHost();
    }
  }

  @Override
  public void registrationListener(RegistrationListener listener) {
    registrationListener = listener;
  }

  @Override
  public void addRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    if (!info.localOnly()) {
      registrations.add(new Registration(address, info.seq()));
    }
    promise.succeed();
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    registrations.remove(new Registration(address, info.seq()));
    promise.succeed();
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
    promise.succeed(registrationsOf(address));
  }

  private List<RegistrationInfo> registrationsOf(String address) {
    List<RegistrationInfo> found = new ArrayList<>();
    for (Card card : roster) {
      for (Registration registration : card.registrations()) {
        if (registration.address().equals(address)) {
          found.add(new RegistrationInfo(card.id().value(), registration.sequence(), false));
        }
      }
    }
    return found;
  }

  private static Set<String> addresses(List<Card> cards) {
    return cards.stream()
        .flatMap(card -> card.registrations().stream())
        .map(Registration::address)
        .collect(Collectors.toSet());
  }

  private static Set<String> ids(List<Card> cards) {
    return cards.stream().map(card -> card.id().value()).collect(Collectors.toSet());
  }

  @Override
  public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> promise) {
    promise.fail(messagesOnly("map", name));
  }

  @Override
  public <K, V> Map<K, V> getSyncMap(String name) {
    throw messagesOnly("map", name);
  }

  @Override
  public void getLockWithTimeout(String name, long timeout, Completable<Lock> promise) {
    promise.fail(messagesOnly("lock", name));
  }

  @Override
  public void getCounter(String name, Completable<Counter> promise) {
    promise.fail(messagesOnly("counter", name));
  }

  private static UnsupportedOperationException messagesOnly(String what, String name) {
    return new UnsupportedOperationException(
        "no " + what + " '" + name + "': this event bus carries messages only");
  }
}
